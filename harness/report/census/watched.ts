import type { Census, Peer } from "../../model/census.ts";
import type { SocketGroup } from "../../model/sample.ts";
import type { Trends } from "../trends.ts";

/** The names under which the figures of a census are watched. */
export const NAMES = {
  state: (state: string): string => `state ${state}`,
  owner: (pid: number | "none" | "unseen"): string => `owner ${pid}`,
  peer: ({ side, port, address }: Pick<Peer, "side" | "port" | "address">): string =>
    `peer ${side} ${port} ${address}`,
  listener: (inode: number): string => `listener ${inode}`,
  age: (state: string, figure: string): string => `age ${state} ${figure}`,
  counter: (name: string): string => `counter ${name}`,
  group: ({ state, side, port, timer, receiveQueue, sendQueue, owner }: SocketGroup): string =>
    `group ${state} ${side} ${port} ${timer} ${receiveQueue} ${sendQueue} ${owner}`,
};

/** All figures of a census, and the counters of its namespace, to be watched. */
export function figuresOf(census: Census, counters: ReadonlyMap<string, number>): Map<string, number> {
  const { states, groups, held, listeners, peers = [], ages = [] } = census;
  const sum = (counts: Record<string, number>): number =>
    Object.values(counts).reduce((all, one) => all + one, 0);
  return new Map([
    ...Object.entries(states).map(([state, count]) => [NAMES.state(state), count] as const),
    ...held.processes.map(({ pid, sockets }) => [NAMES.owner(pid), sockets] as const),
    [NAMES.owner("none"), sum(held.none)],
    [NAMES.owner("unseen"), sum(held.unseen)],
    ...groups.map((group) => [NAMES.group(group), group.count] as const),
    ...listeners.map(({ inode, queue }) => [NAMES.listener(inode), queue] as const),
    ...peers.map((peer) => [NAMES.peer(peer), peer.sockets] as const),
    ...ages.map(({ state, figure, sockets }) => [NAMES.age(state, figure), sockets] as const),
    ...[...counters].map(([name, value]) => [NAMES.counter(name), value] as const),
  ]);
}

/** The columns that watching adds to a table: none without trends. */
export const WATCHED_HEAD = ["+/-", "trend"];
export const WATCHED_ALIGNS = ["right", "left"] as const;

/** The change of a figure since the look before, and its trend. */
export function watchedCells(trends: Trends, name: string): string[] {
  return [signed(trends.change(name)), trends.line(name)];
}

/** `+3`, `-2`; nothing for 0. */
export function signed(change: number): string {
  if (change === 0) return "";
  return change > 0 ? `+${change}` : String(change);
}

/** Rows in an order, those whose figure has moved most first. Without trends, in that order alone. */
export function movedFirst<T>(rows: readonly T[], trends: Trends | null, nameOf: (row: T) => string): T[] {
  if (trends === null) return [...rows];
  return rows.toSorted((a, b) => trends.movement(nameOf(b)) - trends.movement(nameOf(a)));
}
