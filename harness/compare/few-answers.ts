import { FEW_ROUNDS } from "../load/few-rounds.ts";
import type { Arm, ComparisonPlan } from "../model/comparison.ts";
import { places, rangeOf } from "./wording.ts";

/**
 * A sentence that names the arms whose turns lasted for few answers of each connection, so that one answer more or less changes the
 * rate; none if all turns were long enough.
 */
export function fewAnswersSentences(
  arms: readonly Arm[],
  { seconds }: Pick<ComparisonPlan, "seconds">,
): string[] {
  const times = arms.map(({ id, totalMs }) => ({ id, tookMs: totalMs?.p50.median ?? 0 }));
  const slow = times.filter(({ tookMs }) => tookMs / 1000 > FEW_ROUNDS * seconds);
  if (slow.length === 0) return [];
  return [
    `A turn of ${seconds} s has few answers of each connection with ${places(slow.map(({ id }) => id))}, because half of the answers take ` +
      `${rangeOf(slow.map(({ tookMs }) => tookMs))} ms or longer: their requests/s are not known well. Use a longer --duration.`,
  ];
}
