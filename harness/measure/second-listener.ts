import type { Recording } from "../model/recording.ts";
import { type CallMade, calls, returnedCalls } from "./calls.ts";
import { samplesOf } from "./evidence.ts";

/** The attempts of the successor to listen, after the server before it was killed. */
function attemptsAfterCrash(recording: Recording): { made: CallMade[]; crashUs: number } | null {
  const crash = samplesOf(recording, "intervention").find(({ done }) => done);
  if (crash === undefined) return null;
  const made = returnedCalls(recording, { program: "successor", call: "listen" });
  return { made: made.filter(({ atUs }) => atUs > crash.atUs), crashUs: crash.atUs };
}

/**
 * For how many seconds after the crash the port was refused: until the first attempt that succeeded, or else until the last failed
 * attempt; null without attempts.
 */
export function refusedSeconds(recording: Recording): number | null {
  const tried = attemptsAfterCrash(recording);
  const last = tried?.made.at(-1);
  if (tried === null || last === undefined) return null;
  const taken = tried.made.find((call) => call.result === 0) ?? last;
  return (taken.atUs - tried.crashUs) / 1e6;
}

/** How many attempts after the crash failed before one succeeded, or how many there were if none did; null without attempts. */
export function refusedAttempts(recording: Recording): number | null {
  const tried = attemptsAfterCrash(recording);
  if (tried === null || tried.made.length === 0) return null;
  const taken = tried.made.findIndex((call) => call.result === 0);
  return taken < 0 ? tried.made.length : taken;
}

/** Whether one of these attempts succeeded: 1 or 0; null without attempts. */
export function listenersAfterCrash(recording: Recording): number | null {
  const tried = attemptsAfterCrash(recording);
  if (tried === null || tried.made.length === 0) return null;
  return Number(tried.made.some((call) => call.result === 0));
}

/** The states of the server's ends at its last attempt to listen, without TIME-WAIT and LISTEN; null if there is none. */
export function statesBesideTimeWait(recording: Recording): string | null {
  const last = calls(recording, { program: "server", call: "listen" }).at(-1);
  if (last === undefined) return null;
  const look = samplesOf(recording, "sockets", "server").findLast(({ atUs }) => atUs < last.atUs);
  const groups =
    look?.groups.filter(({ side, port }) => side === "listener" && port === last.localPort) ?? [];
  const states = groups.map(({ state }) => state).filter((one) => one !== "LISTEN" && one !== "TIME-WAIT");
  return [...new Set(states)].join(", ") || null;
}

/** How many attempts of another program to listen on the port succeeded, from number `from` to before `to`; null without attempts. */
export function portTaken(recording: Recording, from: number, to: number): number | null {
  const meant = calls(recording, { program: "taker", call: "listen" }).slice(from, to);
  return meant.length === 0 ? null : meant.filter((one) => one.result === 0).length;
}

/** How many more bytes the successor read from its own connection than were written to it; null when one of them was not reported. */
export function unexpectedBytes(recording: Recording): number | null {
  const sent = calls(recording, { program: "stale", call: "send" });
  const [first, own] = [sent[0]?.result, sent.at(-1)?.result];
  const read = calls(recording, { program: "successor", call: "recv" })[0]?.bytes;
  if (typeof own !== "number" || typeof first !== "number" || typeof read !== "number") return null;
  return read - own;
}
