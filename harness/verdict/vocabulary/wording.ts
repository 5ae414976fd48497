import type { Holder } from "../../measure/processes.ts";
import type { Segments } from "../../measure/segments.ts";
import type { Sockets } from "../../measure/sockets.ts";
import type { HostName } from "../../model/names.ts";
import type { Owner, Timer } from "../../model/state.ts";

export { countOf } from "../../model/count.ts";

/** How many of the counted things a sentence names. */
export const MOST_QUOTED = 6;

/** The first of some things, each with its time: `SYN from client at 0.01 s, ACK from client at 0.02 s, ...`. */
export function quoted<T extends { atUs: number }>(things: T[], name: (thing: T) => string): string {
  const words = things.slice(0, MOST_QUOTED).map((thing) => `${name(thing)} at ${seconds(thing.atUs)}`);
  return `${words.join(", ")}${things.length > MOST_QUOTED ? ", ..." : ""}`;
}

/** Microseconds as seconds, to the hundredth: `4.21 s`. */
export function seconds(us: number): string {
  return `${(us / 1e6).toFixed(2)} s`;
}

/** A figure to the hundredth; one below 1 to three significant digits: `0.0123`, `1.23`, `1043.21`, `97`. */
export function figure(value: number): string {
  return String(Number(Math.abs(value) < 1 ? value.toPrecision(3) : value.toFixed(2)));
}

/** ` on server`, or nothing when no host is named. */
export function onHost(host: string | undefined): string {
  return host === undefined ? "" : ` on ${host}`;
}

/** `CLOSE-WAIT sockets`: the short name of what a selector means. */
export function socketsInShort(which: Sockets, count: number): string {
  const states = either(listed(which.state));
  return `${states === "" ? "" : `${states} `}${count === 1 ? "socket" : "sockets"}`;
}

/** What a selector means, in full, for one or for several: `CLOSE-WAIT sockets at the listening end of port 8080 on server ...`. */
export function socketsInFull({ host: _, ...which }: Sockets, count: number, host?: HostName): string {
  const end =
    which.side === undefined ? "" : ` at the ${which.side === "listener" ? "listening" : "connecting"} end`;
  const port = which.port === undefined ? "" : ` of port ${which.port}`;
  const timers = listed(which.timer).map((timer) => TIMERS[timer]);
  const details = [queueWords(which), timers.length === 0 ? "" : either(timers), ownerWords(which)].filter(
    (words) => words !== "",
  );
  return `${socketsInShort(which, count)}${end}${port}${onHost(host)}${details.map((words) => `, ${words}`).join("")}`;
}

const TIMERS: Record<Timer, string> = {
  none: "without a timer",
  on: "with the retransmission timer running",
  keepalive: "with the keepalive timer running",
  timewait: "with the timewait timer running",
  persist: "with the persist timer running",
  delack: "with a delayed acknowledgement",
};

const OWNERS: Record<Owner, string> = {
  none: "no process",
  listener: "only the listening process",
  process: "a process that does not listen",
  shared: "several processes at once",
  unseen: "a process that lastack cannot see",
};

function ownerWords({ owner, side }: Sockets): string {
  const owners = listed(owner).map((one) =>
    one === "process" && side === "connector" ? "a process" : OWNERS[one],
  );
  return owners.length === 0 ? "" : `held by ${either(owners)}`;
}

function queueWords({ receiveQueue, sendQueue }: Sockets): string {
  if (receiveQueue === "empty" && sendQueue === "empty") return "with empty queues";
  const [receive, send] = [oneQueueWords("receive", receiveQueue), oneQueueWords("send", sendQueue)];
  return [receive, send].filter((words) => words !== "").join(" and ");
}

function oneQueueWords(queue: string, wanted: Sockets["receiveQueue"]): string {
  if (wanted === undefined) return "";
  return wanted === "empty" ? `with an empty ${queue} queue` : `with bytes in the ${queue} queue`;
}

/** `node (pid 31, of server)`. Names at most three. */
export function holdersInWords(holders: Holder[]): string {
  const named = holders.slice(0, 3).map(({ pid, name, program }) => {
    const of = program === null ? "" : `, of ${program}`;
    return `${name ?? "a process"} (pid ${pid}${of})`;
  });
  const more = holders.length - named.length;
  return more > 0 ? `${named.join(", ")} and ${more} more` : named.join(" and ");
}

/** `a`, `a or b`, `a, b or c`. */
function either(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}

/** A selector's value as a list; empty when the selector has none. */
export function listed<T extends string>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

/** Which segments, to stand after the noun: ` from client with SYN and without ACK, carrying data, dropped, during load`. */
export function segmentsInFull(which: Segments): string {
  const { link, connection, from, flags = [], without = [], payload, fate, rule, phase, untilEnd } = which;
  const set = [
    ...(flags.length === 0 ? [] : [`with ${flags.join(" and ")}`]),
    ...(without.length === 0 ? [] : [`without ${without.join(" and ")}`]),
  ];
  const parts = [
    from === undefined ? "" : ` from ${from}`,
    set.length === 0 ? "" : ` ${set.join(" and ")}`,
    payload === undefined ? "" : payload === "some" ? " carrying data" : " carrying no data",
    connection === undefined ? "" : ` of connection ${connection}`,
    link === undefined ? "" : ` on wire ${link}`,
    fate === undefined ? "" : `, ${[fate].flat().join(" or ")}`,
    rule === undefined ? "" : `, by the rule "${rule}"`,
    phase === undefined ? "" : `, during ${phase}`,
    untilEnd === undefined ? "" : ", before the programs are ended",
  ];
  return parts.join("");
}
