import type { Comparison, ComparisonPlan } from "../model/comparison.ts";

/** The fewest repetitions that a conclusion can rest on: a single one does not show how much its figures vary. */
const FEWEST = 2;

/** What conclusions at one round-trip time rest on. `rttMs` is null with a server that already runs. */
export interface Footing {
  rttMs: number | null;
  /** How many repetitions are in the figures. */
  measured: number;
  /** How many were asked for. */
  asked: number;
}

/** The round-trip times of a plan; null stands for the path to a server that already runs. */
export function timesOf({ rttsMs }: Pick<ComparisonPlan, "rttsMs">): (number | null)[] {
  return rttsMs.length === 0 ? [null] : rttsMs;
}

/** What the conclusions at each round-trip time of the plan rest on. */
export function footingsOf({ plan, arms }: Pick<Comparison, "plan" | "arms">): Footing[] {
  return timesOf(plan).map((rttMs) => {
    const each = arms.filter((arm) => arm.rttMs === rttMs).map(({ repetitions }) => repetitions);
    return { rttMs, measured: each.length === 0 ? 0 : Math.min(...each), asked: plan.repetitions };
  });
}

/** The place that a sentence names: `1 ms`; `1 ms (3 of 5 repetitions)` if some are missing; `here` for a running server. */
export function placeOf({ rttMs, measured, asked }: Footing): string {
  const where = rttMs === null ? "here" : `${rttMs} ms`;
  return measured < asked ? `${where} (${measured} of ${asked} repetitions)` : where;
}

/** Why nothing is concluded at a round-trip time; null if there are enough repetitions. */
export function unsound({ measured, asked }: Footing): string | null {
  if (measured >= FEWEST) return null;
  if (asked < FEWEST)
    return "nothing is concluded, because one repetition does not show how much its figures vary (--repeat)";
  const some = measured === 0 ? "none" : "only one";
  return `nothing is concluded, because ${some} of ${asked} repetitions was measured`;
}
