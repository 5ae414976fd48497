import { median } from "../../../harness/measure/median.ts";
import type { Mode } from "./arms.ts";

/** How much faster than another generator ours must be, as the ratio of the medians. */
export interface Bar {
  mode: Mode;
  other: "wrk" | "autocannon";
  least: number;
}

export const BARS: Bar[] = [
  { mode: "short", other: "wrk", least: 0.97 },
  { mode: "short", other: "autocannon", least: 1.5 },
  { mode: "keep-alive", other: "wrk", least: 1 },
  { mode: "keep-alive", other: "autocannon", least: 1.6 },
];

/** The ratio of two medians, and the minimum and maximum of the ratios of single rounds. */
export interface Ratio {
  ofMedians: number;
  least: number;
  most: number;
}

/** The ratio of the rates of two generators, round by round. Errors: RangeError when there are no rounds, or not equally many. */
export function ratioOf(ours: readonly number[], theirs: readonly number[]): Ratio {
  if (ours.length !== theirs.length)
    throw new RangeError(`${ours.length} rounds of one, ${theirs.length} of the other`);
  const rounds = ours.map((one, round) => one / theirs[round]!);
  return {
    ofMedians: median(ours) / median(theirs),
    least: Math.min(...rounds),
    most: Math.max(...rounds),
  };
}

/** `1.02 (0.98-1.07)`. */
export function ratioText({ ofMedians, least, most }: Ratio): string {
  return `${ofMedians.toFixed(2)} (${least.toFixed(2)}-${most.toFixed(2)})`;
}
