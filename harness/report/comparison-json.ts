import type { Comparison } from "../model/comparison.ts";

/** What `lastack compare --json` prints. Figures are in the units of their names, as middles and 95 % intervals. */
export interface ComparisonJson extends Comparison {
  /** Whether every repetition that was asked for is in the figures. */
  valid: boolean;
  sentences: string[];
}

/** A comparison as the document that its `--json` promises. */
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
