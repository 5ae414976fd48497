import type { ComparisonPlan, RequestsEach } from "../model/comparison.ts";
import { armsInTurn } from "./arm.ts";

/** From this round-trip time on, arms run side by side, because they wait much longer than they work. */
const WAITS_FROM_MS = 10;
/** With long round trips, an arm is measured for this many of them in sequence, but for no longer than this. */
const ROUND_TRIPS = 60;
const LONGEST_S = 10;
/** How long an arm runs before it is measured: by then its client is compiled, and its connections are open. */
const WARM_UP_MS = 100;
/** Time between two arms: the last answers arrive, and connections are closed. */
const BETWEEN_MS = 50;
/** When the first arm begins, counted from the start of its program: by then all programs run, and a shared server is warm. */
const FIRST_MS = 1_500;
const FIRST_SIDE_BY_SIDE_MS = 1_200;
/** With TLS, arms begin this much later and further apart: their programs have more to load, to compile and to print at the end. */
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
 * The turns of one repetition. The arms run one after another, so each has the machine to itself. With long round trips all arms run
 * at the same time.
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

/** Whether the arms run side by side at that round-trip time, each with its own server. With TLS they do not: they work too much. */
export function areSideBySide({ tls }: Pick<ComparisonPlan, "tls">, rttMs: number): boolean {
  return !tls && rttMs >= WAITS_FROM_MS;
}
