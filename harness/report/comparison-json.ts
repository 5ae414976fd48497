import type { Comparison } from "../model/comparison.ts";

/** What `lastack compare --json` prints. Figures are medians with 95 % intervals, in the units that their names give. */
export interface ComparisonJson extends Comparison {
  /**
   * Whether every repetition that was asked for is in the figures, no arm was short of ports, and, with a user's server, no figure is the
   * client's and connections were kept.
   */
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
