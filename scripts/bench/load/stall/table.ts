import { median } from "../../../median.ts";

/** What one generator told of a server with a known stall, in one round; of the open loop also what is true. */
export interface Stalled {
  p50Ms: number | null;
  p99Ms: number | null;
  perSecond: number;
  /** By the schedule, for arrivals that come as evenly as these were due. */
  trueP99Ms: number;
}

const WIDTHS = [34, 14, 11, 11, 16, 0];
export const HEADINGS = line(["", "requests/s", "p50 ms", "p99 ms", "true p99 ms", "p99 / true"]);

/** A row of medians. */
export function rowOf(name: string, rounds: readonly Stalled[]): string {
  const of = (which: keyof Stalled): string => {
    const values = rounds.flatMap((round) => round[which] ?? []);
    return values.length === 0 ? "-" : `${Number(median(values).toFixed(which === "perSecond" ? 0 : 2))}`;
  };
  const error = errorOf(rounds);
  const part = Number.isNaN(error) ? "-" : (1 + error).toFixed(3);
  return line([name, of("perSecond"), of("p50Ms"), of("p99Ms"), of("trueP99Ms"), part]);
}

/** How far the p99 is from the true one, as a part of it, with its sign: the median of the rounds. NaN when a round has none. */
export function errorOf(rounds: readonly Stalled[]): number {
  return median(rounds.map(({ p99Ms, trueP99Ms }) => (p99Ms === null ? NaN : p99Ms / trueP99Ms - 1)));
}

function line(cells: string[]): string {
  return cells
    .map((cell, column) => cell.padEnd(WIDTHS[column]!))
    .join("")
    .trimEnd();
}
