import type { Experiment, FailureMode } from "../model/experiment.ts";
import { type Alternative, alternativesTo } from "./alternatives.ts";
import { type Certainty, certaintyOf } from "./certainty.ts";
import { type Cures, curesOn } from "./cures.ts";
import type { Judging } from "./judged.ts";

/** What a finding says besides its evidence, with the values of the examined host. */
export interface AdviceHere extends Cures {
  certainty: Certainty;
  alternatives: Alternative[];
}

/** What can be said about a failure mode that a subject shows. */
export function adviceOn(
  mode: FailureMode,
  judging: Judging,
  experiments: readonly Experiment[],
): AdviceHere {
  const { patient } = judging;
  const alternatives = alternativesTo(mode, experiments, judging);
  return {
    certainty: certaintyOf(mode, patient, alternatives),
    alternatives,
    ...curesOn(mode, patient.view),
  };
}
