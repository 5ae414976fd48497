import type { FailureMode } from "../model/experiment.ts";
import type { Recording } from "../model/recording.ts";
import type { Outcome } from "../model/verdict.ts";
import { symptomOn } from "./judge.ts";

/** The most of the square's cells that may be declared overlaps, and that may be inconclusive. */
const MOST_OVERLAPPING = 0.05;
const MOST_INCONCLUSIVE = 0.1;

/** One failure mode's symptom, tested on one recording. */
export interface Cell {
  symptom: string;
  experiment: string;
  variant: string;
  outcome: Outcome;
  /** What the outcome must be: on its own buggy variant confirmed, on its own cures refuted, elsewhere not confirmed. */
  wanted: "confirmed" | "refuted" | "not confirmed";
  /** The symptom's declaration that it is confirmed here too, and what distinguishes the two; null when it declares nothing. */
  overlap: string | null;
  observed: string;
}

/** Every symptom against every recording: the table that shows how reliable a symptom is. */
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

/** What is wrong with a square and what to do about it, in sentences. None for a good square. */
export function squareFaults(cells: Cell[]): string[] {
  const wrong = cells.flatMap((one) => cellFault(one) ?? []);
  const overlapping = cells.filter((one) => one.overlap !== null);
  const inconclusive = cells.filter((one) => one.outcome === "inconclusive");
  if (overlapping.length > MOST_OVERLAPPING * cells.length) {
    wrong.push(
      `${tooMany(overlapping, cells, "declared overlaps", MOST_OVERLAPPING)}. Sharpen the symptoms that overlap most: ${bySymptom(overlapping)}.`,
    );
  }
  if (inconclusive.length > MOST_INCONCLUSIVE * cells.length) {
    wrong.push(
      `${tooMany(inconclusive, cells, "inconclusive", MOST_INCONCLUSIVE)}. Let the symptoms ask for what more recordings contain: ${bySymptom(inconclusive)}.`,
    );
  }
  return wrong;
}

function tooMany(some: Cell[], cells: Cell[], what: string, most: number): string {
  return `${some.length} of ${cells.length} cells are ${what}: more than ${100 * most} %`;
}

/** `a (4), b (1)`: the symptoms of some cells, those with the most of them first. */
function bySymptom(cells: Cell[]): string {
  const counts = new Map<string, number>();
  for (const { symptom } of cells) counts.set(symptom, (counts.get(symptom) ?? 0) + 1);
  const sorted = [...counts].toSorted(([, a], [, b]) => b - a);
  return sorted.map(([symptom, count]) => `${symptom} (${count})`).join(", ");
}

const SHOULD: Record<Cell["wanted"], string> = {
  confirmed: "should be confirmed",
  refuted: "should be refuted",
  "not confirmed": "should not be",
};

function cellFault(cell: Cell): string | null {
  const { symptom, experiment, variant, outcome, wanted, overlap, observed } = cell;
  const where = `the symptom of ${symptom} is ${outcome} on ${experiment}/${variant}`;
  if (overlap !== null) {
    if (outcome === "confirmed") return null;
    return `${where}, but an overlap is declared there: ${observed}. ${withoutOverlap(cell)}`;
  }
  const good = wanted === "not confirmed" ? outcome !== "confirmed" : outcome === wanted;
  return good ? null : `${where} and ${SHOULD[wanted]}: ${observed}. ${remedy(cell)}`;
}

function withoutOverlap({ symptom, experiment, variant, outcome }: Cell): string {
  if (outcome === "inconclusive") return again(experiment);
  return `Take "${experiment}/${variant}" out of the overlaps in ${source(symptom)}.`;
}

/** What the author of a symptom can do about a wrong cell. */
function remedy({ symptom, experiment, variant, outcome, wanted }: Cell): string {
  if (outcome === "inconclusive") return again(experiment);
  if (wanted === "confirmed") {
    return `Loosen the condition in ${source(symptom)} that excludes it, or let servers/${symptom}/buggy.ts meet that condition.`;
  }
  const sharpen = `Sharpen the symptom in ${source(symptom)}`;
  if (wanted === "refuted") {
    return `${sharpen}, so that it asks for what the cure removes, or mend the cure. A symptom's own cure cannot be an overlap.`;
  }
  return (
    `${sharpen}: ask for one thing more that ${symptom}/buggy shows and ${experiment}/${variant} does not (a state, an end, ` +
    "an owner, a timer, a queue, a number, a time, a counter). Or, if both have the same fault, declare an overlap there, with its reason: " +
    `overlaps: { "${experiment}/${variant}": "what distinguishes the two" }.`
  );
}

function again(experiment: string): string {
  return `Record it again (npm run record -- ${experiment}), with the samples that the symptom needs and for as long as it asks.`;
}

function source(symptom: string): string {
  return `experiments/${symptom}/experiment.ts`;
}
