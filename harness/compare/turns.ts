import type { ComparisonPlan, RequestsEach } from "../model/comparison.ts";
import { armsInTurn } from "./arm.ts";

/** From this round-trip time on, arms wait so much more than they work that they run side by side. */
const WAITS_FROM_MS = 10;
/** Of long round trips, so many are to be seen one after another, but for no longer than this. */
const ROUND_TRIPS = 60;
const LONGEST_S = 10;
/** Before an arm is measured it runs for a while: its client is compiled, and its connections are there. */
const WARM_UP_MS = 100;
/** Between two arms: the last answers come, and connections are closed. */
const BETWEEN_MS = 50;
/** When the first arm begins, counted from the start of its program: all programs are up, and a server for all is warm. */
const FIRST_MS = 1_500;
const FIRST_SIDE_BY_SIDE_MS = 1_200;
/** And so much later, and further apart, where programs have more to load, to compile and to say at the end. */
const TLS_LATER_MS = 2_500;
const TLS_BETWEEN_MS = 200;

/** When an arm's turn comes in a trial, and how long it takes, in milliseconds; the warm-up is part of it. */
export interface TurnPlan {
  requestsEach: RequestsEach;
  delayMs: number;
  warmUpMs: number;
  durationMs: number;
}

/**
 * The turns of one repetition. Each has the machine for itself, one after another, unless they wait for long round trips:
 * then all have the same time.
 */
export function turnsOf(plan: ComparisonPlan, rttMs: number, repetition: number): TurnPlan[] {
  const warmUpMs = Math.round(WARM_UP_MS + 4 * rttMs);
  const measuredMs = 1000 * Math.max(plan.seconds, Math.min(LONGEST_S, (ROUND_TRIPS * rttMs) / 1000));
  const durationMs = warmUpMs + Math.round(measuredMs);
  const betweenMs = (plan.tls ? TLS_BETWEEN_MS : BETWEEN_MS) + Math.round(3 * rttMs);
  const everyMs = areSideBySide(plan, rttMs) ? 0 : durationMs + betweenMs;
  const later = plan.tls ? TLS_LATER_MS : 0;
  return armsInTurn(plan.arms, repetition).map((requestsEach, nth) => ({
    requestsEach,
    warmUpMs,
    durationMs,
    delayMs: later + (everyMs === 0 ? FIRST_SIDE_BY_SIDE_MS : FIRST_MS + nth * everyMs),
  }));
}

/** When the last of some turns is over, in milliseconds from the start of the programs. */
export function turnsEndMs(turns: readonly TurnPlan[]): number {
  return Math.max(0, ...turns.map(({ delayMs, durationMs }) => delayMs + durationMs));
}

/** Whether the arms run side by side at that round-trip time, each with a server of its own. With TLS they have too much to do for it. */
export function areSideBySide({ tls }: Pick<ComparisonPlan, "tls">, rttMs: number): boolean {
  return !tls && rttMs >= WAITS_FROM_MS;
}
