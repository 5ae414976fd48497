import type { ComparisonPlan } from "../model/comparison.ts";
import { timesOf } from "./footing.ts";
import { HOLDS } from "./hold-setup.ts";
import { atPlaces, capital } from "./wording.ts";

/** A repetition that is in no figure, and why. */
export interface Missing {
  rttMs: number | null;
  because: string;
}

/** The reason of repetitions that were not run, or not to their end, after Ctrl+C. */
export const STOPPED = "the comparison was interrupted";

/** The most reasons that one sentence gives. */
const MOST_REASONS = 3;

/**
 * What is missing of a comparison: one sentence for each round-trip time, with the reasons. `measured` is the number of repetitions in
 * the figures at a round-trip time. A repetition that neither is in the figures nor failed was not run.
 */
export function missingSentences(
  plan: Pick<ComparisonPlan, "rttsMs" | "repetitions">,
  missing: readonly Missing[],
  measured: (rttMs: number | null) => number,
): string[] {
  return timesOf(plan).flatMap((rttMs) => {
    const lacking = plan.repetitions - measured(rttMs);
    if (lacking <= 0) return [];
    const failed = missing.filter((one) => one.rttMs === rttMs).map(({ because }) => because);
    const unrun = Array.from({ length: Math.max(0, lacking - failed.length) }, () => STOPPED);
    const where = rttMs === null ? "" : `${atPlaces([`${rttMs} ms`])}, `;
    const are = lacking === 1 ? "is" : "are";
    return [
      capital(
        `${where}${lacking} of ${plan.repetitions} repetitions ${are} missing: ${reasons([...failed, ...unrun])}.`,
      ),
    ];
  });
}

/** Why a trial of idle connections whose recording is whole has no figures. */
export const NOT_HELD = "not all connections were open at once";

/** What is missing of the trials of idle connections: one sentence, or none. */
export function missingHolds(lacking: number, failed: readonly string[]): string[] {
  if (lacking <= 0) return [];
  const unrun = Array.from({ length: Math.max(0, lacking - failed.length) }, () => STOPPED);
  const are = lacking === 1 ? "is" : "are";
  return [
    `Of idle connections, ${lacking} of ${HOLDS} trials ${are} missing: ${reasons([...failed, ...unrun])}.`,
  ];
}

/** `the one reason (3 times); the other`. */
function reasons(all: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  const sorted = [...counts].toSorted(([, a], [, b]) => b - a);
  const told = sorted
    .slice(0, MOST_REASONS)
    .map(([reason, count]) => (count === 1 || counts.size === 1 ? reason : `${reason} (${count} times)`));
  const rest = sorted.length - told.length;
  return [
    ...told,
    ...(rest > 0 ? [rest === 1 ? "and one other reason" : `and ${rest} other reasons`] : []),
  ].join("; ");
}
