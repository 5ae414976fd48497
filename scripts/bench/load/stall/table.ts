import { median } from "../../../../harness/measure/median.ts";
import { columns } from "../../../columns.ts";

/** The results of one generator for a server with a known stall, in one round, and the true p99. */
export interface Stalled {
  p50Ms: number | null;
  p99Ms: number | null;
  perSecond: number;
  /** From the schedule, for requests that arrive evenly. */
  trueP99Ms: number;
}

const line = columns([34, 14, 11, 11, 16, 0]);
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

/** The error of the p99 as a part of the true p99, with its sign: the median of the rounds. NaN when a round has no p99. */
export function errorOf(rounds: readonly Stalled[]): number {
  return median(rounds.map(({ p99Ms, trueP99Ms }) => (p99Ms === null ? NaN : p99Ms / trueP99Ms - 1)));
}
