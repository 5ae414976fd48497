import { median } from "../../../harness/measure/median.ts";

/** The percentiles that a generator printed for one round, in milliseconds. */
export interface Percentiles {
  p50Ms: number;
  p99Ms: number;
}

/** The rounds of two generators as text, and whether the difference of the medians is at most the spread of the other's own rounds. */
export interface Agreement {
  ours: string;
  wrk: string;
  within: boolean;
}

/** Compares one percentile. Errors: RangeError when there are no rounds. */
export function agreementOf(
  { ours, wrk }: { ours: readonly Percentiles[]; wrk: readonly Percentiles[] },
  which: keyof Percentiles,
): Agreement {
  const [mine, theirs] = [ours.map((one) => one[which]), wrk.map((one) => one[which])];
  if (mine.length === 0 || theirs.length === 0) throw new RangeError("there are no rounds");
  const apart = Math.max(...theirs) - Math.min(...theirs);
  return {
    ours: spread(mine),
    wrk: spread(theirs),
    within: Math.abs(median(mine) - median(theirs)) <= apart,
  };
}

function spread(values: readonly number[]): string {
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)];
  return `${middle.toFixed(3)} (${least.toFixed(3)}-${most.toFixed(3)})`;
}
