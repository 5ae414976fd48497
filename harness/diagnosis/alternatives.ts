import { alike } from "../model/alike.ts";
import type { Experiment, FailureMode } from "../model/experiment.ts";
import type { Judging } from "./judged.ts";

/** What else could look like a finding. */
export interface Alternative {
  id: string;
  /**
   * `ruled out`: its symptom is refuted on the same subject. `found, too`: it is another finding there. `remark`: it
   * is a remark there. `not judged`: its symptom
   * could not be decided. `not visible`: one host does not show it. `fact`: what TCP or a healthy program does, which the symptom has told apart.
   */
  state: "ruled out" | "found, too" | "remark" | "not judged" | "not visible" | "fact";
  /** The observable that tells it from the finding, or it from those that look like it. */
  tells: string;
}

/** What is seen in the same rows as a finding, and what became of it there. A declared overlap says itself what tells the two apart. */
export function alternativesTo(
  mode: FailureMode,
  experiments: readonly Experiment[],
  judging: Judging,
): Alternative[] {
  return alike(mode, experiments).map((other) => ({
    id: other.id,
    state: stateOf(other, judging),
    tells: mode.overlaps[`${other.id}/buggy`] ?? other.signs?.mark.en ?? "",
  }));
}

function stateOf(other: Experiment, judging: Judging): Alternative["state"] {
  if (other.kind === "fact") return "fact";
  if (other.visible?.as === "no") return "not visible";
  const { outcome } = judging.of(other);
  if (outcome === "confirmed") return other.visible === undefined ? "found, too" : "remark";
  return outcome === "refuted" ? "ruled out" : "not judged";
}
