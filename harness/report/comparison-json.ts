import type { Comparison } from "../model/comparison.ts";

/** What `lastack compare --json` prints. Figures are medians with 95 % intervals, in the units that their names give. */
export interface ComparisonJson extends Comparison {
  /** Whether every repetition that was asked for is in the figures, and no figure of a user's server is the client's. */
  valid: boolean;
  sentences: string[];
}

/** A comparison as the document that `--json` prints. */
export function comparisonJson(comparison: Comparison, sentences: readonly string[]): ComparisonJson {
  const { plan, engine, url, arms, contrasts, held, faults } = comparison;
  return {
    valid: faults.length === 0,
    plan,
    engine,
    url,
    arms,
    contrasts,
    held,
    faults,
    sentences: [...sentences],
  };
}
