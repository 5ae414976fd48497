import type { FailureMode } from "../model/experiment.ts";
import type { Recording } from "../model/recording.ts";
import type { Outcome } from "../model/verdict.ts";
import { symptomOn } from "./judge.ts";

/** The most of the square's cells that may be declared overlaps, and that may be inconclusive. */
const MOST_OVERLAPPING = 0.05;
const MOST_INCONCLUSIVE = 0.1;

/** One failure mode's symptom put to one recording. */
export interface Cell {
  symptom: string;
  experiment: string;
  variant: string;
  outcome: Outcome;
  /** What the outcome must be: on its own buggy variant confirmed, on its own cures refuted, elsewhere not confirmed. */
  wanted: "confirmed" | "refuted" | "not confirmed";
  /** The symptom's own word that it is confirmed here too, and what tells the two apart; null when it says nothing. */
  overlap: string | null;
  observed: string;
}

/** Every symptom against every recording: the table that says how far a symptom may be believed. */
export function square(failureModes: FailureMode[], recordings: Recording[]): Cell[] {
  return failureModes.flatMap((mode) => recordings.map((recording) => cell(mode, recording)));
}

function cell(mode: FailureMode, recording: Recording): Cell {
  const { experiment, variant } = recording.header;
  const { outcome, findings } = symptomOn(mode, recording);
  const own = experiment === mode.id;
  return {
    symptom: mode.id,
    experiment,
    variant,
    outcome,
    wanted: own ? (variant === "buggy" ? "confirmed" : "refuted") : "not confirmed",
    overlap: mode.overlaps[`${experiment}/${variant}`] ?? null,
    observed: findings.map((finding) => finding.observed).join("; "),
  };
}

/** What is wrong with a square, in sentences; of a good one, none. */
export function squareFaults(cells: Cell[]): string[] {
  const wrong = cells.flatMap((one) => cellFault(one) ?? []);
  const overlapping = cells.filter((one) => one.overlap !== null);
  const inconclusive = cells.filter((one) => one.outcome === "inconclusive");
  if (overlapping.length > MOST_OVERLAPPING * cells.length) {
    wrong.push(
      `${overlapping.length} of ${cells.length} cells are declared overlaps: more than ${100 * MOST_OVERLAPPING} %`,
    );
  }
  if (inconclusive.length > MOST_INCONCLUSIVE * cells.length) {
    wrong.push(
      `${inconclusive.length} of ${cells.length} cells are inconclusive: more than ${100 * MOST_INCONCLUSIVE} %`,
    );
  }
  return wrong;
}

function cellFault({
  symptom,
  experiment,
  variant,
  outcome,
  wanted,
  overlap,
  observed,
}: Cell): string | null {
  const where = `the symptom of ${symptom} is ${outcome} on ${experiment}/${variant}`;
  if (overlap !== null) {
    return outcome === "confirmed"
      ? null
      : `${where}, where an overlap is declared that is none: ${observed}`;
  }
  const good = wanted === "not confirmed" ? outcome !== "confirmed" : outcome === wanted;
  return good ? null : `${where} and should be ${wanted}: ${observed}`;
}
