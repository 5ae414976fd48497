import type { SocketExample, SocketGroup, SocketsSample } from "../model/sample.ts";
import type { HostName } from "../model/names.ts";
import {
  isUnknown,
  type Owner,
  type SeenState,
  type SeenTimer,
  type Side,
  type TcpState,
  type Timer,
  type UnknownNumber,
} from "../model/state.ts";
import { type Evidence, samplesOf } from "./evidence.ts";
import { type Series, seriesOfHosts } from "./series.ts";

/**
 * Which sockets are meant. What is absent is not asked; of a list, any will do. `port` is the service's port, at
 * whichever end. Without `host`, a view's one host, and all hosts of a recording together.
 *
 * `timer: "none"` means sockets that nothing of the kernel's will end or change, and so those with `delack` too: a host
 * that puts off an acknowledgement for some 40 ms still waits for ever, and Linux before 7 says `none` of it. Whoever
 * wants these alone asks for `delack`. What has no name here is not meant by any name.
 */
export interface Sockets {
  host?: HostName;
  state?: TcpState | readonly TcpState[];
  side?: Side;
  port?: number;
  timer?: Timer | readonly Timer[];
  receiveQueue?: SocketGroup["receiveQueue"];
  sendQueue?: SocketGroup["sendQueue"];
  owner?: Owner | readonly Owner[];
}

/** The same for who shows what was seen and expects nothing: also of a state that has no name here. */
export interface SeenSockets extends Omit<Sockets, "state"> {
  state?: SeenState | readonly SeenState[];
}

/**
 * What becomes of a socket whose state or timer has no name here, where one is asked for: it is taken for another than is
 * meant (`out`), or for one that is (`in`).
 */
type Unnamed = "out" | "in";

/** How many of those sockets there were, a point for every look at their host; 0 when there were none. */
export function socketSeries(evidence: Evidence, which: SeenSockets, unnamed: Unnamed = "out"): Series {
  return seriesOfHosts(samplesOf(evidence, "sockets", which.host), (sample) =>
    count(matchingGroups(sample, which, unnamed)),
  );
}

/** The states and timers without a name of sockets that may be meant for all that is known of them. */
export function unnamedAmong(evidence: Evidence, which: Sockets): UnknownNumber[] {
  const groups = samplesOf(evidence, "sockets", which.host).flatMap((sample) => {
    const meant = new Set(matchingGroups(sample, which, "out"));
    return matchingGroups(sample, which, "in").filter((group) => !meant.has(group));
  });
  return [...new Set(groups.flatMap(({ state, timer }) => [state, timer]).filter(isUnknown))];
}

/** What can be asked of the sockets of a group, one condition each. */
const CONDITIONS = ["state", "side", "port", "timer", "receiveQueue", "sendQueue", "owner"] as const;

/** What can be asked of sockets: the keys of a selector. */
export type Condition = (typeof CONDITIONS)[number] | "host";

/** The groups of one sample that are meant; none when the sample is of another host. */
function matchingGroups(sample: SocketsSample, which: SeenSockets, unnamed: Unnamed): SocketGroup[] {
  if (which.host !== undefined && which.host !== sample.host) return [];
  return sample.groups.filter((group) =>
    CONDITIONS.every(
      (condition) => meets(group, which, condition) || (unnamed === "in" && isUnnamed(group, condition)),
    ),
  );
}

/** The conditions of a selector that a host's group does not meet, in the order in which one looks for them. */
export function unmet(host: HostName, group: SocketGroup, which: Sockets): Condition[] {
  const here: Condition[] = which.host === undefined || which.host === host ? [] : ["host"];
  return [...here, ...CONDITIONS.filter((condition) => !meets(group, which, condition))];
}

/** Whether it cannot be told if a group meets a condition: its state or its timer has no name here. */
export function isUnnamed(group: SocketGroup, condition: Condition): boolean {
  return (condition === "state" || condition === "timer") && isUnknown(group[condition]);
}

function meets(group: SocketGroup, which: SeenSockets, condition: (typeof CONDITIONS)[number]): boolean {
  if (condition === "timer") return timerFits(group.timer, which.timer);
  return fits<string | number>(group[condition], which[condition]);
}

/** The sockets themselves, as far as they were written down (at most 20 a group), of the look that saw most of them. */
export function exampleRows(evidence: Evidence, which: Sockets): SocketExample[] {
  const groups = samplesOf(evidence, "sockets", which.host).map((sample) =>
    matchingGroups(sample, which, "out"),
  );
  return groups
    .reduce((most, some) => (count(some) > count(most) ? some : most), [])
    .flatMap((group) => group.examples);
}

function count(groups: SocketGroup[]): number {
  return groups.reduce((sum, group) => sum + group.count, 0);
}

function timerFits(timer: SeenTimer, wanted: Sockets["timer"]): boolean {
  return fits<SeenTimer>(timer, wanted) || (timer === "delack" && fits<SeenTimer>("none", wanted));
}

function fits<T extends string | number>(value: T, wanted: T | readonly T[] | undefined): boolean {
  return wanted === undefined || wanted === value || (typeof wanted === "object" && wanted.includes(value));
}
