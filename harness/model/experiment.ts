import type { ExactExpectation, SymptomExpectation } from "./expectation.ts";
import type { Setup } from "./setup.ts";

/** One arrangement of the world, and what must be seen in it. */
export interface Variant {
  /** One line: what this variant does differently. */
  summary: string;
  setup: Setup;
  exact: ExactExpectation[];
}

interface ExperimentBase {
  /** In kebab case: a symptom, or a fact. The name of its folders. */
  id: string;
  title: string;
  /** What it finds out, as a question. */
  question: string;
  tags: string[];
}

/** Something that goes wrong. The symptom holds on `buggy`, on none of its cures, and on no other experiment's recordings. */
export interface FailureMode extends ExperimentBase {
  kind: "failure-mode";
  variants: { buggy: Variant; fixed: Variant } & Record<`fixed-by-${string}`, Variant>;
  symptom: SymptomExpectation[];
  /**
   * Recordings of other experiments (`id/variant`) on which this symptom is confirmed too, each with the finding that
   * tells the two apart.
   */
  overlaps: Record<string, string>;
}

/** Something that TCP does. Its variants are named after what differs. */
export interface Fact extends ExperimentBase {
  kind: "fact";
  variants: Record<string, Variant>;
}

export type Experiment = FailureMode | Fact;
