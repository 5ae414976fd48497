import type { ListenersSample, SocketGroup } from "../model/sample.ts";
import type { SeenState, StateCounts } from "../model/state.ts";
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

/** Below the first block, this many lines of each block are kept before an earlier one may be whole. */
const LEAST_ROWS = 4;
/** A heading, one row, and how many more there are. */
const SMALLEST = 3;

/**
 * A census as text: states by side, then what stands out (queues, timers), then who holds the sockets, then the accept queues. Where
 * there is no room for all, the states stay, and of the others the first rows; the rest is counted.
 */
export function reportCensus(census: Census, { columns, rows = Infinity }: CensusOptions): string {
  const others = [groupsTable(census.groups), heldTable(census.held), listenersTable(census.listeners)];
  return fitted([statesTable(census, columns, rows), ...others.filter((block) => block.length > 0)], rows)
    .map((block) => block.map((line) => line.slice(0, columns).trimEnd()).join("\n"))
    .join("\n\n");
}

/** The blocks that fit into this many lines with an empty line between them. The first is whole. */
function fitted(blocks: string[][], rows: number): string[][] {
  const [first = [], ...others] = blocks;
  const kept = [first];
  let left = rows - first.length;
  for (const [nth, block] of others.entries()) {
    const later = others
      .slice(nth + 1)
      .reduce((sum, { length }) => sum + 1 + Math.min(length, LEAST_ROWS), 0);
    const room = Math.min(left - 1, Math.max(left - 1 - later, SMALLEST));
    if (room < Math.min(block.length, SMALLEST)) break;
    const shown = cutTo(block, room);
    kept.push(shown);
    left -= shown.length + 1;
  }
  return kept;
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

function groupsTable(groups: SocketGroup[]): string[] {
  const connections = groups
    .filter((group) => group.state !== "LISTEN")
    .toSorted((a, b) => b.count - a.count);
  if (connections.length === 0) return [];
  const head = ["count", "state", "end", "port", "timer", "receive queue", "send queue"];
  const rows = connections.map(({ count, state, side, port, timer, receiveQueue, sendQueue }) => [
    ...[String(count), state, side === "listener" ? "listening" : "connecting"],
    ...[String(port), timer, receiveQueue, sendQueue],
  ]);
  return plainTable([head, ...rows], ["right", "left", "left", "right", "left", "left", "left"]);
}

/** The fullest accept queues first, and then by port. */
function listenersTable(listeners: Census["listeners"]): string[] {
  if (listeners.length === 0) return [];
  const rows = listeners
    .toSorted((a, b) => b.queue - a.queue || a.port - b.port)
    .map(({ address, port, queue, backlog }) => [
      `${address.includes(":") ? `[${address}]` : address}:${port}`,
      ...[queue, backlog].map(String),
    ]);
  return plainTable([["listener", "accept queue", "backlog"], ...rows], ["left", "right", "right"]);
}
