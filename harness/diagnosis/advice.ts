import type { Experiment, FailureMode } from "../model/experiment.ts";
import { type Alternative, alternativesTo } from "./alternatives.ts";
import { type Certainty, certaintyOf } from "./certainty.ts";
import { type Cures, curesOn } from "./cures.ts";
import type { Patient, Reading } from "./examine.ts";

/** What a finding says besides its evidence, with the values of the examined host. */
export interface AdviceHere extends Cures {
  certainty: Certainty;
  alternatives: Alternative[];
}

/** What can be said about a failure mode that a patient shows; `lack` is that of judgeOn(). */
export function adviceOn(
  mode: FailureMode,
  patient: Pick<Patient, "subject"> & Reading,
  experiments: readonly Experiment[],
  lack: string | null = null,
): AdviceHere {
  const alternatives = alternativesTo(mode, experiments, patient, lack);
  return {
    certainty: certaintyOf(mode, patient, alternatives),
    alternatives,
    ...curesOn(mode, patient.view),
  };
}
