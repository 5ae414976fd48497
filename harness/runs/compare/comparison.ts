import { gather, readRepetition } from "../../compare/gather.ts";
import { HOLDS } from "../../compare/hold-setup.ts";
import { heldOf } from "../../compare/hold.ts";
import { missingHolds, missingSentences, NOT_HELD } from "../../compare/missing.ts";
import { portsBoundSentences } from "../../compare/ports-bound.ts";
import type { Comparison, ComparisonPlan } from "../../model/comparison.ts";
import type { Ran } from "./piece.ts";

/** The comparison that the trials which ran make, with what is wrong with it. */
export function comparisonOf(plan: ComparisonPlan, ran: readonly Ran[]): Comparison {
  const trials = ran.flatMap((one) =>
    "recording" in one && one.piece.rttMs !== null
      ? [{ rttMs: one.piece.rttMs, repetition: one.piece.repetition, recording: one.recording }]
      : [],
  );
  const idle = ran.flatMap((one) => ("recording" in one && one.piece.rttMs === null ? [one.recording] : []));
  const failed = ran.flatMap((one) =>
    "fault" in one ? [{ rttMs: one.piece.rttMs, because: one.fault }] : [],
  );
  const { arms, contrasts, missing } = gather(plan, trials);
  const held = heldOf(idle);
  const measured = (rttMs: number | null): number =>
    arms.find((arm) => arm.rttMs === rttMs)?.repetitions ?? 0;
  const unheld = ran.flatMap((one) => (one.piece.rttMs === null ? (faultOf(plan, one) ?? []) : []));
  return {
    plan,
    engine: plan.tls ? "undici" : "raw",
    url: null,
    arms,
    contrasts,
    held,
    faults: [
      ...missingSentences(plan, [...failed, ...missing], measured),
      ...missingHolds(HOLDS - (held?.repetitions ?? 0), unheld),
      ...portsBoundSentences(arms),
    ],
  };
}

/** What is wrong with a trial, in one sentence; null if its figures count. */
export function faultOf(plan: ComparisonPlan, ran: Ran): string | null {
  if ("fault" in ran) return ran.fault;
  const { rttMs, repetition } = ran.piece;
  if (rttMs === null) return heldOf([ran.recording]) === null ? NOT_HELD : null;
  const read = readRepetition(plan, { rttMs, repetition, recording: ran.recording });
  return "fault" in read ? read.fault : null;
}
