import type { Held } from "../../model/census.ts";
import type { SeenState, StateCounts } from "../../model/state.ts";
import { inOrderOfLife } from "../state-order.ts";
import { plainTable } from "../table.ts";
import type { Trends } from "../trends.ts";
import { firstFitting } from "./fit.ts";
import { movedFirst, NAMES, WATCHED_ALIGNS, WATCHED_HEAD, watchedCells } from "./watched.ts";

/** A line for each holder: name and pid, how many sockets, and their states. */
export function heldTable({ processes, none, unseen }: Held, trends: Trends | null): string[] {
  const all = [
    ...processes.map(({ pid, name, states }) => ({ who: holderName(name, pid), states, pid })),
    { who: "no process", states: none, pid: "none" as const },
    { who: "no visible process", states: unseen, pid: "unseen" as const },
  ].filter(({ states }) => total(states) > 0);
  if (all.length === 0) return [];
  const rows = movedFirst(all, trends, ({ pid }) => NAMES.owner(pid));
  return plainTable(
    [
      ["held by", "sockets", ""],
      ...rows.map(({ who, states }) => [who, String(total(states)), inWords(states)]),
    ],
    ["left", "right", "left"],
  );
}

/** The same by itself: with both ends and what waits in the queues, as far as the width allows. */
export function ownersTable(
  { processes, none, unseen }: Held,
  trends: Trends | null,
  columns: number,
): string[] {
  const all = [
    ...processes.map(({ pid, name, sockets, states, sides, unreadBytes, unacknowledgedBytes }) => ({
      pid,
      cells: [holderName(name, pid), String(sockets)],
      more: [sides.listener, sides.connector, unreadBytes, unacknowledgedBytes].map(String),
      states,
    })),
    ...([["no process", none, "none"] as const, ["no visible process", unseen, "unseen"] as const] as const)
      .filter(([, states]) => total(states) > 0)
      .map(([who, states, pid]) => ({
        pid,
        cells: [who, String(total(states))],
        more: ["", "", "", ""],
        states,
      })),
  ];
  const rows = movedFirst(all, trends, ({ pid }) => NAMES.owner(pid));
  const table = (isWide: boolean, isWatched: boolean): string[] =>
    plainTable(
      [
        [
          ...["held by", "sockets"],
          ...(isWatched ? WATCHED_HEAD : []),
          ...(isWide ? ["listening", "connecting", "unread B", "unacked B"] : []),
          "",
        ],
        ...rows.map(({ pid, cells, more, states }) => [
          ...cells,
          ...(isWatched && trends !== null ? watchedCells(trends, NAMES.owner(pid)) : []),
          ...(isWide ? more : []),
          inWords(states),
        ]),
      ],
      [
        ...(["left", "right"] as const),
        ...(isWatched ? WATCHED_ALIGNS : []),
        ...(isWide ? (["right", "right", "right", "right"] as const) : []),
        "left",
      ],
    );
  const isWatched = trends !== null;
  return firstFitting(
    columns,
    () => table(true, isWatched),
    () => table(false, isWatched),
    () => table(false, false),
  );
}

function total(states: StateCounts): number {
  return Object.values(states).reduce((sum, count) => sum + count, 0);
}

/** `23 ESTABLISHED, 97 CLOSE-WAIT`, in the order of a connection's life. */
export function inWords(states: StateCounts): string {
  return (Object.keys(states) as SeenState[])
    .toSorted(inOrderOfLife)
    .map((state) => `${states[state]} ${state}`)
    .join(", ");
}

/** `node (pid 4711)`. A process chooses its own name: control characters in it must not reach the terminal. */
function holderName(name: string, pid: number): string {
  return `${name.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, "?")} (pid ${pid})`;
}
