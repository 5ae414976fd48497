import { PERCENTILE_NAMES, PERCENTILES, type Percentile } from "../measure/load.ts";
import type { LoadEndLine } from "./line.ts";
import type { LoadFigures, Phase } from "./result.ts";

/** A printed time that can be the generator's own. */
export interface Doubtful {
  /** As in --fail-if: `total.p99`. */
  name: string;
  percentile: Percentile;
  ms: number;
}

/** Stalls of the generator, the longest first: how long they lasted, and how many attempts were under way in them. */
export type Stalls = { lastedMs: number; underWay: number }[];

/** A stall that is shorter than this share of a time does not explain it. */
const EXPLAINS = 0.5;

/** The stalls of all threads of a load. */
export function stallsOf(ends: readonly LoadEndLine[]): Stalls {
  const sum = new Map<number, number>();
  for (const { stalls } of ends) {
    for (const [lasted, underWay] of Object.entries(stalls)) {
      sum.set(Number(lasted), (sum.get(Number(lasted)) ?? 0) + underWay);
    }
  }
  return [...sum].toSorted(([a], [b]) => b - a).map(([lastedMs, underWay]) => ({ lastedMs, underWay }));
}

/** How many of this many times are above a percentile. */
export function above(percentile: Percentile, count: number): number {
  return ((100 - PERCENTILES[percentile]) * count) / 100;
}

/**
 * The printed times that stalls of the generator can explain. An attempt that a stall delays takes at least as long as the stall. So a
 * percentile is doubtful only if stalls that lasted from half of it up to all of it had as many attempts under way as there are attempts
 * above the percentile. A stall that is longer than the longest time delayed none of the attempts that are in the figures.
 */
export function doubtfulTimes({ generator, latencyMs }: LoadFigures): Doubtful[] {
  return (Object.keys(latencyMs) as Phase[]).flatMap((phase) => {
    const times = latencyMs[phase];
    if (times === null) return [];
    return PERCENTILE_NAMES.filter((percentile) => {
      const longer = Math.max(1, above(percentile, times.count));
      const value = times[percentile];
      const delayed = generator.stalls
        .filter(({ lastedMs }) => lastedMs <= value && lastedMs >= EXPLAINS * value)
        .reduce((sum, { underWay }) => sum + underWay, 0);
      return delayed >= longer;
    }).map((percentile) => ({ name: `${phase}.${percentile}`, percentile, ms: times[percentile] }));
  });
}
