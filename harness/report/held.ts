import type { SeenState, StateCounts } from "../model/state.ts";
import { inOrderOfLife } from "./state-order.ts";
import { plainTable } from "./table.ts";

/** How many sockets a process holds, by state. */
export interface Holder {
  pid: number;
  /** The process's own name (comm). */
  name: string;
  sockets: number;
  states: StateCounts;
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

/** A line for each holder: name and pid, how many sockets, and their states. */
export function heldTable({ processes, none, unseen }: Held): string[] {
  const rows = [
    ...processes.map(({ pid, name, states }) => [`${printable(name)} (pid ${pid})`, states] as const),
    ["no process", none] as const,
    ["no visible process", unseen] as const,
  ].filter(([, states]) => total(states) > 0);
  if (rows.length === 0) return [];
  return plainTable(
    [
      ["held by", "sockets", ""],
      ...rows.map(([who, states]) => [who, String(total(states)), inWords(states)]),
    ],
    ["left", "right", "left"],
  );
}

function total(states: StateCounts): number {
  return Object.values(states).reduce((sum, count) => sum + count, 0);
}

/** `23 ESTABLISHED, 97 CLOSE-WAIT`, in the order of a connection's life. */
function inWords(states: StateCounts): string {
  return (Object.keys(states) as SeenState[])
    .toSorted(inOrderOfLife)
    .map((state) => `${states[state]} ${state}`)
    .join(", ");
}

/** A process chooses its own name: control characters in it must not reach the terminal. */
function printable(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, "?");
}
