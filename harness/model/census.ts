import type { ListenerRow, SocketGroup } from "./sample.ts";
import type { SeenState, Side, StateCounts } from "./state.ts";

/** What a census is sorted by. */
export const CENSUS_BY = ["state", "owner", "peer", "age"] as const;
export type CensusBy = (typeof CENSUS_BY)[number];

/** The sockets of one network namespace at one moment. */
export interface Census {
  total: number;
  states: StateCounts;
  sides: { listener: StateCounts; connector: StateCounts };
  groups: SocketGroup[];
  held: Held;
  listeners: CensusListener[];
  /** Only of a census by peer. Those with the most sockets first. */
  peers?: Peer[];
  /** Only of a census by age. In the order of a connection's life. */
  ages?: Age[];
  read: Way;
}

/** How a namespace was read. `because` and `missing` are sentences for people: why not in a better way, and what this way does not show. */
export interface Way {
  by: "sock_diag" | "proc";
  /** Whose namespace: a process's, or null for lastack's own. */
  pid: number | null;
  because: string | null;
  missing: string[];
}

/** The backlog is null where the kernel does not print it: /proc/net/tcp. */
export interface CensusListener extends Omit<ListenerRow, "backlog"> {
  backlog: number | null;
}

/** How many sockets a process holds, by state and by end, and the bytes that wait in them. */
export interface Holder {
  pid: number;
  /** The process's own name (comm). */
  name: string;
  sockets: number;
  states: StateCounts;
  sides: Record<Side, number>;
  /** Bytes that the process has not read. */
  unreadBytes: number;
  /** Bytes that the other ends have not acknowledged. */
  unacknowledgedBytes: number;
}

/** Who holds the sockets of a census. A socket that two processes hold counts for both. */
export interface Held {
  /** Those with the most sockets first. */
  processes: Holder[];
  /** Sockets that no process holds: the kernel's own (TIME-WAIT, closed ones, those that wait for accept()). */
  none: StateCounts;
  /** Sockets of processes that are not visible: another user's, or one of another pid namespace. */
  unseen: StateCounts;
}

/** The connections with one remote address, at one port of a service: the local port at the listening end, the remote one at the other. */
export interface Peer {
  side: Side;
  address: string;
  port: number;
  sockets: number;
  states: StateCounts;
  /** How many different local ports these sockets have. */
  localPorts: number;
}

/**
 * What an age is, exactly:
 * - `timerLeft`: until the timer of a TIME-WAIT, or of a FIN-WAIT-2 without a process, ends it.
 * - `noData`: since the last segment of data in either direction, or since the handshake where there was none (tcp_info).
 * - `nothingReceived`: since the last segment of the other end that acknowledged something, even by a keep-alive answer (tcp_info). A state
 *   that began with the other end's segment, such as CLOSE-WAIT, has lasted at least so long.
 * - `firstSeen`: since lastack first saw it in this state: at least so long. Only while lastack watches, and where the kernel shows no time.
 * - `notShown`: the kernel shows no time.
 */
export const AGE_FIGURES = ["timerLeft", "noData", "nothingReceived", "firstSeen", "notShown"] as const;
export type AgeFigure = (typeof AGE_FIGURES)[number];

/** The upper ends of the columns of a census by age, in milliseconds; the last column has no end. */
export const AGE_ENDS_MS = [1000, 10_000, 60_000, 600_000, 3_600_000] as const;

/** One figure of all sockets in one state. */
export interface Age {
  state: SeenState;
  figure: AgeFigure;
  sockets: number;
  /** How many sockets are below each of AGE_ENDS_MS, and above all. Empty where the kernel shows no time. */
  counts: number[];
  /** The shortest, the one in the middle and the longest, in milliseconds. Null where the kernel shows no time. */
  leastMs: number | null;
  middleMs: number | null;
  mostMs: number | null;
}
