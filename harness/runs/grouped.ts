import type { Experiment } from "../model/experiment.ts";
import type { Entry } from "./own-file.ts";
import { variantsOf } from "./plan.ts";
import type { TrialResult } from "./trial.ts";

/** An experiment and its trials in a run, in the order of its variants. */
export interface ExperimentRun {
  experiment: Experiment;
  results: TrialResult[];
}

/** Results by experiment, in the order of `entries`. */
export function grouped(entries: Entry[], results: TrialResult[]): ExperimentRun[] {
  return entries.map(({ experiment }) => ({ experiment, results: resultsOf(experiment, results) }));
}

/** The trials of one experiment, ordered by variant, then by repetition. */
export function resultsOf(experiment: Experiment, results: TrialResult[]): TrialResult[] {
  const order = variantsOf(experiment);
  return results
    .filter((result) => result.experiment === experiment)
    .toSorted(
      (a, b) => order.indexOf(a.variant) - order.indexOf(b.variant) || (a.repeat ?? 0) - (b.repeat ?? 0),
    );
}
