/** Three answers, from best to worst; the worst wins. */
export const OUTCOMES = ["confirmed", "inconclusive", "refuted"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The worst of the outcomes. Without any outcome it is inconclusive, because nothing was confirmed. */
export function worst(outcomes: Outcome[]): Outcome {
  if (outcomes.length === 0) return "inconclusive";
  return outcomes.reduce((a, b) => (OUTCOMES.indexOf(a) >= OUTCOMES.indexOf(b) ? a : b));
}

export interface Finding {
  claim: string;
  because: string;
  observed: string;
  outcome: Outcome;
  /** `claim` and `observed` in Chinese; absent where there is no translation. */
  zh?: { claim: string; observed: string };
  /** As in an Answer: what was not read, and would decide it. */
  lacks?: readonly string[];
}

export interface Verdict {
  outcome: Outcome;
  findings: Finding[];
  /** Set when the verdict is inconclusive because the trial got too little processor time. The trial can be run again. */
  forWantOfTime?: true;
}
