import type { ComparisonPlan, RequestsEach } from "../model/comparison.ts";
import { armsInTurn } from "./arm.ts";

/** From this round-trip time on, arms run side by side, because they wait much longer than they work. */
const WAITS_FROM_MS = 10;
/** With long round trips, an arm is measured for this many of them in sequence, but for no longer than this. */
const ROUND_TRIPS = 60;
const LONGEST_S = 10;
/** How long an arm runs before it is measured: by then its client is compiled, and its connections are open. */
const WARM_UP_MS = 100;
/** Time between two turns: connections of the arm before are closed, and the observers see what is left. */
const BETWEEN_MS = 40;

/** How long an arm's turn takes, in milliseconds; the warm-up is part of it. */
export interface TurnPlan {
  requestsEach: RequestsEach;
  warmUpMs: number;
  durationMs: number;
}

/** The turns of one repetition, in their order. */
export function turnsOf(plan: ComparisonPlan, rttMs: number, repetition: number): TurnPlan[] {
  const warmUpMs = Math.round(WARM_UP_MS + 4 * rttMs);
  const measuredMs = 1000 * Math.max(plan.seconds, Math.min(LONGEST_S, (ROUND_TRIPS * rttMs) / 1000));
  const durationMs = warmUpMs + Math.round(measuredMs);
  return armsInTurn(plan.arms, repetition).map((requestsEach) => ({ requestsEach, warmUpMs, durationMs }));
}

/** The pause before a turn. FINs and their answers cross the wire in it. */
export function betweenMs(rttMs: number): number {
  return BETWEEN_MS + Math.round(3 * rttMs);
}

/** How long all turns take, if nothing delays them, in milliseconds. */
export function turnsLastMs(
  plan: Pick<ComparisonPlan, "arms" | "tls">,
  rttMs: number,
  turns: readonly TurnPlan[],
): number {
  const each = turns.map(({ durationMs }) => durationMs + betweenMs(rttMs));
  return areSideBySide(plan, rttMs) ? Math.max(0, ...each) : each.reduce((sum, ms) => sum + ms, 0);
}

/** Whether the arms run side by side at that round-trip time, each with its own server. With TLS they do not: they work too much. */
export function areSideBySide({ tls }: Pick<ComparisonPlan, "tls">, rttMs: number): boolean {
  return !tls && rttMs >= WAITS_FROM_MS;
}
