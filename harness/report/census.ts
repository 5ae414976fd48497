import type { Census, CensusBy } from "../model/census.ts";
import type { SocketGroup } from "../model/sample.ts";
import type { Owner, SeenState } from "../model/state.ts";
import { agesTable } from "./census/ages.ts";
import { countersTable } from "./census/counters.ts";
import { cutTo, firstFitting, fitted } from "./census/fit.ts";
import { heldTable, ownersTable } from "./census/owners.ts";
import { peersTable } from "./census/peers.ts";
import { movedFirst, NAMES, signed, WATCHED_ALIGNS, WATCHED_HEAD, watchedCells } from "./census/watched.ts";
import { inOrderOfLife } from "./state-order.ts";
import { plainTable } from "./table.ts";
import type { Trends } from "./trends.ts";

export interface CensusOptions {
  /** Default: state. */
  by?: CensusBy;
  columns: number;
  /** How many lines there is room for. Absent: as many as it takes. */
  rows?: number;
  /** What has moved in the last looks, where there were several. */
  trends?: Trends;
}

/**
 * A census as text. By state: states by side, then what stands out (queues, timers), then who holds the sockets, then the accept queues.
 * Where there is no room for all, the states stay, then the accept queues, then who holds the sockets; of each the first rows, and the rest
 * is counted. By owner, peer or age it is that table alone. With trends the counters that move are below.
 */
export function reportCensus(census: Census, options: CensusOptions): string {
  const { columns, rows = Infinity, trends = null } = options;
  // On a screen a line must not become two. Elsewhere nothing is cut off.
  const width = rows === Infinity ? Infinity : columns;
  const note = wayNote(census);
  const room = rows - (note.length > 0 ? note.length + 1 : 0);
  const [main, others] = blocksOf(census, { ...options, rows: room }, trends);
  const shown = fitted(
    others.filter((block) => block.length > 0),
    room - main.length,
  );
  return [main, ...shown, ...(note.length > 0 ? [note] : [])]
    .map((block) => block.map((line) => line.slice(0, width).trimEnd()).join("\n"))
    .join("\n\n");
}

/** The block that stays, and the others, the most important one last. */
function blocksOf(
  census: Census,
  { by = "state", columns, rows = Infinity }: CensusOptions,
  trends: Trends | null,
): [string[], string[][]] {
  const counters = countersTable(trends);
  const alone = (table: string[]): [string[], string[][]] => [cutTo(table, rows), [counters]];
  if (by === "owner") return alone(ownersTable(census.held, trends, columns));
  if (by === "peer") return alone(peersTable(census.peers ?? [], trends, columns));
  if (by === "age") return alone(agesTable(census.ages ?? [], trends, columns));
  const others = [
    groupsTable(census.groups, trends),
    counters,
    heldTable(census.held, trends),
    listenersTable(census, columns, trends),
  ];
  return [statesTable(census, { columns, rows }, trends), others];
}

/** Where the sockets were read, where that is not lastack's own namespace, and what is missing there. */
function wayNote({ read }: Census): string[] {
  const { by, pid, because, missing } = read;
  if (by === "sock_diag") {
    return pid === null ? [] : [`Read by sock_diag in the network namespace of process ${pid}.`];
  }
  const files = `/proc/${pid ?? "self"}/net/tcp and tcp6`;
  return [
    `Read from ${files}, because ${because ?? "nothing else is there"}.`,
    `Not shown there: ${missing.join("; ")}.`,
  ];
}

/** On a narrow terminal with shorter headings; on a low one with the states that have the most sockets. */
function statesTable(
  { total, states, sides }: Census,
  { columns, rows }: { columns: number; rows: number },
  trends: Trends | null,
): string[] {
  const room = Math.max(1, rows - 3);
  const seen = Object.keys(states) as SeenState[];
  const most = seen.toSorted((a, b) => (states[b] ?? 0) - (states[a] ?? 0)).slice(0, room);
  const shown = (seen.length + 2 <= rows ? seen : most).toSorted(inOrderOfLife);
  const table = (isWatched: boolean, ...ends: [string, string]): string[] => {
    const extra = (state: string): string[] =>
      isWatched && trends !== null ? watchedCells(trends, NAMES.state(state)) : [];
    const cells = shown.map((state) => [
      ...[state, sides.listener[state] ?? 0, sides.connector[state] ?? 0, states[state] ?? 0].map(String),
      ...extra(state),
    ]);
    const blank = isWatched ? ["", ""] : [];
    const more =
      shown.length < seen.length ? [[`... ${seen.length - shown.length} more`, "", "", "", ...blank]] : [];
    const sum = isWatched && trends !== null ? [changeOfAll(seen, trends), ""] : [];
    return plainTable(
      [
        ["state", ...ends, "all", ...(isWatched ? WATCHED_HEAD : [])],
        ...cells,
        ...more,
        ["all", "", "", String(total), ...sum],
      ],
      ["left", "right", "right", "right", ...(isWatched ? WATCHED_ALIGNS : [])],
    );
  };
  const isWatched = trends !== null;
  return firstFitting(
    columns,
    () => table(isWatched, "listening end", "connecting end"),
    () => table(isWatched, "listen", "connect"),
    () => table(false, "listen", "connect"),
  );
}

function changeOfAll(states: SeenState[], trends: Trends): string {
  return signed(states.reduce((sum, state) => sum + trends.change(NAMES.state(state)), 0));
}

const OWNERS: Record<Owner, string> = {
  none: "no process",
  listener: "the listener",
  process: "a process",
  shared: "several",
  unseen: "not visible",
};

/** The groups with most sockets first. Where rows would look the same, a last column tells them apart: who holds the sockets. */
function groupsTable(groups: SocketGroup[], trends: Trends | null): string[] {
  const sorted = groups.filter((group) => group.state !== "LISTEN").toSorted((a, b) => b.count - a.count);
  const connections = movedFirst(sorted, trends, NAMES.group);
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
function listenersTable({ listeners }: Census, columns: number, trends: Trends | null): string[] {
  if (listeners.length === 0) return [];
  const sorted = listeners.toSorted((a, b) => b.queue - a.queue || a.port - b.port);
  const rows = movedFirst(sorted, trends, ({ inode }) => NAMES.listener(inode)).map(
    ({ address, port, queue, backlog }) => [
      `${address.includes(":") ? `[${address}]` : address}:${port}`,
      String(queue),
      backlog === null ? "?" : String(backlog),
    ],
  );
  const table = (queue: string): string[] =>
    plainTable([["listener", queue, "backlog"], ...rows], ["left", "right", "right"]);
  return firstFitting(
    columns,
    () => table("accept queue"),
    () => table("queue"),
  );
}
