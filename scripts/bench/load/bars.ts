import { median } from "../../median.ts";
import type { Mode } from "./arms.ts";

/** How much faster than another generator ours is to be: the ratio of the medians. */
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

/** The ratio of two medians, and how far apart the ratios of the single rounds are. */
export interface Ratio {
  ofMedians: number;
  least: number;
  most: number;
}

/** Rates of two generators, round by round. Errors: RangeError when there are none, or not of the same rounds. */
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
