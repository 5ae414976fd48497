import type { Advice, Signs } from "./advice.ts";
import type { ExactExpectation, SymptomExpectation, View } from "./expectation.ts";
import type { Setup } from "./setup.ts";

/** One setup, and what must be observed in it. */
export interface Variant {
  /** One line: what this variant does differently. */
  summary: string;
  setup: Setup;
  exact: ExactExpectation[];
}

interface ExperimentBase {
  /** A symptom or a fact, in kebab case. Also the name of the experiment's folders. */
  id: string;
  title: string;
  /** What it finds out, as a question. */
  question: string;
  tags: string[];
  /** How it is recognised, for the field guide and the doctor. In the catalogue, every failure mode has it, and facts that look like one. */
  signs?: Signs;
}

/** Something that goes wrong. The symptom holds on `buggy`, but on no fixed variant and on no recording of another experiment. */
export interface FailureMode extends ExperimentBase {
  kind: "failure-mode";
  variants: { buggy: Variant; fixed: Variant } & Record<`fixed-by-${string}`, Variant>;
  symptom: SymptomExpectation[];
  /**
   * Recordings of other experiments (`id/variant`) on which this symptom is also confirmed, each with the finding that
   * distinguishes the two.
   */
  overlaps: Record<string, string>;
  /**
   * Failure modes that follow from this one where both are seen on one subject, each with the reason. A diagnosis prints such a consequence
   * under its cause. `when`: not always, only where this holds of what was seen there.
   */
  explains?: Record<string, { because: string; when?: (view: View) => boolean }>;
  /**
   * How far a diagnosis of a running host can go, where a healthy program can look the same. `remark`: the symptom is printed as a remark,
   * and accuses nobody. `no`: nothing on one host shows it, and the symptom has no parts. Absent where the symptom is a finding.
   * `zh` is `because` in Chinese.
   */
  visible?: { as: "remark" | "no"; because: string; zh?: string };
  /** What the doctor prints with a finding besides the symptom. In the catalogue, every failure mode has it. */
  advice?: Advice;
}

/** Something that TCP does. Its variants are named after what differs. */
export interface Fact extends ExperimentBase {
  kind: "fact";
  variants: Record<string, Variant>;
}

export type Experiment = FailureMode | Fact;
