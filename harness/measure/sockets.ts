import type { SocketExample, SocketGroup, SocketsSample } from "../model/sample.ts";
import type { HostName } from "../model/names.ts";
import {
  type Exchanged,
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
import { type Column, Unread, unreadColumn } from "./unread.ts";

/**
 * Selects sockets. An absent field selects all; a list selects any of its values. `port` is the service's port, at either end. Without
 * `host`, the sockets are those of a view's one host, or of all hosts of a recording together.
 *
 * `timer: "none"` selects sockets that no timer of the kernel will end or change. This includes those with `delack`: a host that delays
 * an acknowledgement by some 40 ms still waits for ever, and Linux before 7 reports `none` for it. `delack` selects only these. A value
 * without a name here is selected by no name.
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
  /** What was sent and received over it. Only recordings of setups with `tcpInfo` can answer. */
  exchanged?: Exchanged | readonly Exchanged[];
}

/** The same, for showing what was seen without an expectation: the state can also be one without a name here. */
export interface SeenSockets extends Omit<Sockets, "state"> {
  state?: SeenState | readonly SeenState[];
}

/**
 * Whether a socket counts of which a condition cannot be told, because its state or timer has no name here or nobody read what it exchanged:
 * it does not (`out`), or it does (`in`). `known` is `out`, but throws Unread where a dump lacks the column that would tell it.
 */
type Unnamed = "known" | "out" | "in";

/** How many of those sockets there were, with a point for every look at their host; 0 when there were none. */
export function socketSeries(evidence: Evidence, which: SeenSockets, unnamed: Unnamed = "known"): Series {
  return seriesOfHosts(samplesOf(evidence, "sockets", which.host), (sample) =>
    count(matchingGroups(sample, which, unnamed)),
  );
}

/** Why it is not known of some sockets whether they are selected. */
export interface Untold {
  /** Their states and timers that have no name here. */
  unnamed: UnknownNumber[];
  /** Whether nobody read what some of them sent and received. */
  uncounted: boolean;
  /** The columns that the dump lacks. */
  unread: Column[];
}

/** What is not known of sockets that could be selected ones, because they fail no other condition. null when everything is known. */
export function untoldAmong(evidence: Evidence, which: Sockets): Untold | null {
  const groups = samplesOf(evidence, "sockets", which.host).flatMap((sample) =>
    sample.groups.filter((group) => isMeant(group, which) === null),
  );
  if (groups.length === 0) return null;
  const unread = [...new Set(groups.flatMap((group) => unreadAmong(group, which)))];
  const named = groups.flatMap((group) => [group.state, unreadColumn(group, "timer") ? [] : group.timer]);
  return {
    unnamed: [...new Set(named.flat().filter(isUnknown))],
    uncounted: which.exchanged !== undefined && groups.some((group) => isUncounted(group)),
    unread,
  };
}

/** The conditions on a group of sockets. */
const CONDITIONS = [
  "state",
  "side",
  "port",
  "timer",
  "receiveQueue",
  "sendQueue",
  "owner",
  "exchanged",
] as const;

/** A condition on sockets: a key of a selector. */
export type Condition = (typeof CONDITIONS)[number] | "host";

/** The selected groups of one sample; none when the sample is of another host. */
export function matchingGroups(sample: SocketsSample, which: SeenSockets, unnamed: Unnamed): SocketGroup[] {
  if (which.host !== undefined && which.host !== sample.host) return [];
  const unread = new Set<Column>();
  const groups = sample.groups.filter((group) => {
    const is = isMeant(group, which);
    if (is === null && unnamed === "known")
      for (const column of unreadAmong(group, which)) unread.add(column);
    return is ?? unnamed === "in";
  });
  if (unread.size > 0) throw new Unread([...unread]);
  return groups;
}

/** Whether a group is selected; null where a condition on it cannot be told. */
function isMeant(group: SocketGroup, which: SeenSockets): boolean | null {
  let isTold = true;
  for (const condition of CONDITIONS) {
    if (meets(group, which, condition)) continue;
    if (!isUnnamed(group, condition)) return false;
    isTold = false;
  }
  return isTold ? true : null;
}

/** The columns that would tell whether a group is selected. */
function unreadAmong(group: SocketGroup, which: SeenSockets): Column[] {
  return CONDITIONS.flatMap((condition) =>
    which[condition] === undefined ? [] : (unreadColumn(group, condition) ?? []),
  );
}

function isUncounted(group: SocketGroup): boolean {
  return unreadColumn(group, "exchanged") === null && group.exchanged === undefined;
}

/** The conditions of a selector that a host's group does not meet, in the order in which they are checked. */
export function unmet(host: HostName, group: SocketGroup, which: Sockets): Condition[] {
  const here: Condition[] = which.host === undefined || which.host === host ? [] : ["host"];
  return [...here, ...CONDITIONS.filter((condition) => !meets(group, which, condition))];
}

/** Whether it is unknown if a group meets a condition: its state or timer has no name here, or nobody read that of it. */
export function isUnnamed(group: SocketGroup, condition: Condition): boolean {
  if (unreadColumn(group, condition) !== null) return true;
  if (condition === "exchanged") return group.exchanged === undefined;
  return (condition === "state" || condition === "timer") && isUnknown(group[condition]);
}

function meets(group: SocketGroup, which: SeenSockets, condition: (typeof CONDITIONS)[number]): boolean {
  if (which[condition] === undefined) return true;
  if (unreadColumn(group, condition) !== null) return false;
  if (condition === "timer") return timerFits(group.timer, which.timer);
  return fits<string | number | undefined>(group[condition], which[condition]);
}

/** The sockets themselves in the look that saw most of them, as far as they were recorded (at most 20 per group). */
export function exampleRows(evidence: Evidence, which: Sockets): SocketExample[] {
  const groups = samplesOf(evidence, "sockets", which.host).map((sample) =>
    matchingGroups(sample, which, "known"),
  );
  return groups
    .reduce((most, some) => (count(some) > count(most) ? some : most), [])
    .flatMap((group) => group.examples);
}

/**
 * The largest number, in one look, of selected sockets that meet a condition, which also gets the look and the group; null when that is not known of one
 * of them (the condition gives null). A recording has only examples of the sockets (at most 20 of a group, and a reference recording very
 * few), so the number is reckoned from the share of the examples that meet it.
 */
export function mostReckoned(
  evidence: Evidence,
  which: Sockets,
  meets: (row: SocketExample, look: SocketsSample, group: SocketGroup) => boolean | null,
): number | null {
  const looks = samplesOf(evidence, "sockets", which.host).map((sample) =>
    matchingGroups(sample, which, "known").map((group) => ({
      group,
      answers: group.examples.map((row) => meets(row, sample, group)),
    })),
  );
  if (looks.flat().some(({ answers }) => answers.includes(null))) return null;
  return Math.max(0, ...looks.map(reckoned));
}

function reckoned(look: { group: SocketGroup; answers: (boolean | null)[] }[]): number {
  const counts = look.map(({ group, answers }) => {
    const share = answers.filter((yes) => yes === true).length / Math.max(answers.length, 1);
    return share * group.count;
  });
  return Math.round(counts.reduce((sum, each) => sum + each, 0));
}

function count(groups: SocketGroup[]): number {
  return groups.reduce((sum, group) => sum + group.count, 0);
}

function timerFits(timer: SeenTimer, wanted: Sockets["timer"]): boolean {
  return fits<SeenTimer>(timer, wanted) || (timer === "delack" && fits<SeenTimer>("none", wanted));
}

function fits<T extends string | number | undefined>(
  value: T,
  wanted: T | readonly T[] | undefined,
): boolean {
  return wanted === undefined || wanted === value || (typeof wanted === "object" && wanted.includes(value));
}
