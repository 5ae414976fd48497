import type { Doubt } from "./doubt.ts";
import type { LoadPlan } from "./load-plan.ts";
import type { LoadFigures } from "./result.ts";
import { percent } from "./wording.ts";

/** A rate that one answer of each connection can change by more than this is not a rate to judge by. */
export const FEW_ROUNDS = 0.1;

/**
 * By which share of itself a rate can be wrong only because answers are slow. In a closed loop each connection has one answer more or
 * less within the measured time, so the share is one response time of it. With a rate, the measured time has fewer answers than
 * requests if the first answers come after the warm-up.
 */
function wrongBy({ latencyMs, seconds }: LoadFigures, { ratePerSecond, warmUpMs }: LoadPlan): number {
  if (latencyMs.total === null || seconds === 0) return 0;
  const { p50 } = latencyMs.total;
  return Math.max(0, ratePerSecond === 0 ? p50 : p50 - warmUpMs) / 1000 / seconds;
}

/** A doubt about the rate of a load whose time was enough for few answers of each connection; null if it was long enough. */
export function fewRounds(figures: LoadFigures, plan: LoadPlan): Doubt | null {
  const share = wrongBy(figures, plan);
  if (share <= FEW_ROUNDS || figures.perSecond === null) return null;
  const took = seconds(figures.latencyMs.total?.p50 ?? 0);
  return {
    because: `Half of the requests took ${took} or longer, ${why(share, figures.seconds, plan)}`,
    figures: ["perSecond"],
    // Then the measured time had no answer, or those of one moment.
    grave: share >= 1,
  };
}

function why(share: number, measured: number, { ratePerSecond, warmUpMs }: LoadPlan): string {
  const whole = `the measured ${measured.toFixed(1)} s`;
  if (ratePerSecond > 0) {
    const most = percent(Math.min(share, 1));
    return `and the warm-up lasted for ${seconds(warmUpMs)}: no answer came at the beginning of ${whole}, so the rate is up to ${most} too low. Use a longer --warm-up.`;
  }
  if (share >= 1)
    return `and ${whole} are no longer than that: they are too short for a rate. Use a longer --duration.`;
  return (
    `which is ${percent(share)} of ${whole}. Each connection had few answers, and one more or less of each changes the rate by that ` +
    "much. Use a longer --duration."
  );
}

function seconds(ms: number): string {
  return `${(ms / 1000).toPrecision(2)} s`;
}
