import type { ListenersSample, SocketGroup } from "../model/sample.ts";
import type { Owner, SeenState, StateCounts } from "../model/state.ts";
import { type Held, heldTable } from "./held.ts";
import { inOrderOfLife } from "./state-order.ts";
import { plainTable } from "./table.ts";

/** The sockets of one namespace at one moment. */
export interface Census {
  total: number;
  states: StateCounts;
  sides: { listener: StateCounts; connector: StateCounts };
  groups: SocketGroup[];
  held: Held;
  listeners: ListenersSample["listeners"];
}

export interface CensusOptions {
  columns: number;
  /** How many lines there is room for. Absent: as many as it takes. */
  rows?: number;
}

/** Of each block, this many lines are kept before an earlier one may be whole. */
const LEAST_ROWS = 4;
/** A heading, one row, and how many more there are: a block of fewer lines shows nothing. */
const SMALLEST = 3;
/** Of the most important block also this is worth its lines: a heading, and how many more there are. */
const ONLY_COUNT = 2;

/**
 * A census as text: states by side, then what stands out (queues, timers), then who holds the sockets, then the accept queues. Where
 * there is no room for all, the states stay, then the accept queues, then who holds the sockets; of each the first rows, and the rest is
 * counted.
 */
export function reportCensus(census: Census, { columns, rows = Infinity }: CensusOptions): string {
  const states = statesTable(census, columns, rows);
  const others = [groupsTable(census.groups), heldTable(census.held), listenersTable(census, columns)];
  const shown = fitted(
    others.filter((block) => block.length > 0),
    rows - states.length,
  );
  // On a screen a line must not become two. Elsewhere nothing is cut off.
  const width = rows === Infinity ? Infinity : columns;
  return [states, ...shown]
    .map((block) => block.map((line) => line.slice(0, width).trimEnd()).join("\n"))
    .join("\n\n");
}

/** The blocks that fit into this many lines, with an empty line before each. The last is the most important, and the first the least. */
function fitted(blocks: string[][], rows: number): string[][] {
  const least = blocks.length > 1 ? SMALLEST : ONLY_COUNT;
  if (blocks.length > 0 && linesOf(blocks, least) > rows) return fitted(blocks.slice(1), rows);
  let left = rows;
  return blocks.map((block, nth) => {
    const later = linesOf(blocks.slice(nth + 1), LEAST_ROWS);
    const shown = cutTo(block, Math.max(left - 1 - later, least));
    left -= shown.length + 1;
    return shown;
  });
}

/** How many lines blocks take of which each has at most `most`. */
function linesOf(blocks: string[][], most: number): number {
  return blocks.reduce((sum, { length }) => sum + 1 + Math.min(length, most), 0);
}

function cutTo(block: string[], room: number): string[] {
  if (block.length <= room) return block;
  return [...block.slice(0, room - 1), `... and ${block.length - room + 1} more`];
}

/** On a narrow terminal with shorter headings; on a low one with the states that have the most sockets. */
function statesTable({ total, states, sides }: Census, columns: number, rows: number): string[] {
  const room = Math.max(1, rows - 3);
  const seen = Object.keys(states) as SeenState[];
  const most = seen.toSorted((a, b) => (states[b] ?? 0) - (states[a] ?? 0)).slice(0, room);
  const shown = (seen.length + 2 <= rows ? seen : most).toSorted(inOrderOfLife);
  const cells = shown.map((state) => [
    ...[state, sides.listener[state] ?? 0, sides.connector[state] ?? 0, states[state] ?? 0].map(String),
  ]);
  const more = shown.length < seen.length ? [[`... ${seen.length - shown.length} more`, "", "", ""]] : [];
  const table = (...ends: [string, string]): string[] =>
    plainTable(
      [["state", ...ends, "all"], ...cells, ...more, ["all", "", "", String(total)]],
      ["left", "right", "right", "right"],
    );
  const wide = table("listening end", "connecting end");
  return wide.every((line) => line.length <= columns) ? wide : table("listen", "connect");
}

const OWNERS: Record<Owner, string> = {
  none: "no process",
  listener: "the listener",
  process: "a process",
  shared: "several",
  unseen: "not visible",
};

/** The groups with most sockets first. Where rows would look the same, a last column tells them apart: who holds the sockets. */
function groupsTable(groups: SocketGroup[]): string[] {
  const connections = groups
    .filter((group) => group.state !== "LISTEN")
    .toSorted((a, b) => b.count - a.count);
  if (connections.length === 0) return [];
  const head = ["count", "state", "end", "port", "timer", "receive queue", "send queue", "held by"];
  const rows = connections.map(({ count, state, side, port, timer, receiveQueue, sendQueue, owner }) => [
    ...[String(count), state, side === "listener" ? "listening" : "connecting"],
    ...[String(port), timer, receiveQueue, sendQueue, OWNERS[owner]],
  ]);
  const looks = rows.map((row) => row.slice(1, -1).join("\t"));
  const some = new Set(looks).size < looks.length;
  const cells = some ? [head, ...rows] : [head, ...rows].map((row) => row.slice(0, -1));
  return plainTable(cells, ["right", "left", "left", "right", "left", "left", "left", "left"]);
}

/** The fullest accept queues first, and then by port. On a narrow terminal with a shorter heading. */
function listenersTable({ listeners }: Census, columns: number): string[] {
  if (listeners.length === 0) return [];
  const rows = listeners
    .toSorted((a, b) => b.queue - a.queue || a.port - b.port)
    .map(({ address, port, queue, backlog }) => [
      `${address.includes(":") ? `[${address}]` : address}:${port}`,
      ...[queue, backlog].map(String),
    ]);
  const table = (queue: string): string[] =>
    plainTable([["listener", queue, "backlog"], ...rows], ["left", "right", "right"]);
  const wide = table("accept queue");
  return wide.every((line) => line.length <= columns) ? wide : table("queue");
}
