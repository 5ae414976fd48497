import type { Evidence } from "../measure/evidence.ts";
import { type Candidate, nearestTo, type Wanted } from "../measure/near.ts";
import type { Condition, Sockets } from "../measure/sockets.ts";
import type { Owner, Timer } from "../model/state.ts";
import { countOf, list, socketsInFull } from "./wording.ts";

/** How many of the conditions that are not met are named. */
const MOST_NAMED = 2;

/**
 * Why a claim does not hold, where the sockets that it asks for are missing: which of those that are there come nearest, and
 * what these do not meet. null when there are none, or when the right ones come nearest, which are too few or too short-lived.
 */
export function nearest(evidence: Evidence, wanted: Wanted): string | null {
  const found = nearestTo(evidence, wanted);
  if (found === null || found.unmet.length === 0) return null;
  const unmet = found.unmet.map((one) => unmetInWords(one, wanted.which, found.instead));
  return `nearest: ${inWords(found)}: ${inShort(found.lack === null ? unmet : [...unmet, found.lack])}`;
}

/** How many sockets of which state, end and port; of whom, where that is a condition that is named. */
function inWords({ where, unmet, instead: { host, owner }, many }: Candidate): string {
  const isNamed = unmet.slice(0, MOST_NAMED).includes("owner");
  const words = socketsInFull({ ...where, ...(isNamed && owner !== undefined && { owner }) }, many);
  return `${host === undefined ? "" : `on ${host}, `}${many} ${words}`;
}

/** What some sockets do not meet, as a sentence: `the owner is not the process that listens`. */
function unmetInWords(condition: Condition, which: Sockets, seen: Sockets): string {
  switch (condition) {
    case "host":
    case "port":
      return `the ${condition} is not ${which[condition]}`;
    case "state":
      return `the state is ${notAny(list(which.state))}`;
    case "side":
      return `the end is not the ${which.side === "listener" ? "listening" : "connecting"} one`;
    case "timer":
      return timerInWords(list(which.timer), list(seen.timer));
    case "receiveQueue":
      return `the receive queue is ${which.receiveQueue === "empty" ? "not " : ""}empty`;
    case "sendQueue":
      return `the send queue is ${which.sendQueue === "empty" ? "not " : ""}empty`;
    case "owner":
      return ownerInWords(list(which.owner));
  }
}

const TIMERS: Record<Timer, string> = {
  none: "no timer",
  on: "the retransmission timer",
  keepalive: "the keepalive timer",
  timewait: "the timewait timer",
  persist: "the persist timer",
  delack: "the timer of a put-off acknowledgement",
};

function timerInWords(wanted: readonly Timer[], seen: readonly Timer[]): string {
  const running = `${seen.map((one) => TIMERS[one]).join(" or ")} is running`;
  const others = wanted.filter((one) => one !== "none").map((one) => TIMERS[one]);
  return others.length === 0 || seen.includes("none") ? running : `${running}, ${notAny(others)}`;
}

const OWNERS: Record<Owner, string> = {
  none: "no process",
  listener: "the process that listens",
  process: "another process",
  shared: "several processes",
  unseen: "a process out of sight",
};

function ownerInWords(wanted: readonly Owner[]): string {
  const others = wanted.filter((one) => one !== "none").map((one) => OWNERS[one]);
  if (others.length === 0) return "there is an owner";
  return others.length < wanted.length
    ? `there is an owner, ${notAny(others)}`
    : `the owner is ${notAny(others)}`;
}

/** `not a`, `neither a nor b`. */
function notAny(names: readonly string[]): string {
  return names.length === 1 ? `not ${names[0]}` : `neither ${names.join(" nor ")}`;
}

/** `a`, `a and b`; of more than two, the others are counted. */
function inShort(reasons: readonly string[]): string {
  const named = reasons.slice(0, MOST_NAMED);
  const more = reasons.length - named.length;
  if (more === 0) return named.join(" and ");
  return `${named.join(", ")}, and ${countOf(more, "more condition")} ${more === 1 ? "is" : "are"} not met`;
}
