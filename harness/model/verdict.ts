/** Three answers, from best to worst; the worst wins. */
export const OUTCOMES = ["confirmed", "inconclusive", "refuted"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The worst of some outcomes; of none, inconclusive: who looked at nothing has confirmed nothing. */
export function worst(outcomes: Outcome[]): Outcome {
  if (outcomes.length === 0) return "inconclusive";
  return outcomes.reduce((a, b) => (OUTCOMES.indexOf(a) >= OUTCOMES.indexOf(b) ? a : b));
}

export interface Finding {
  claim: string;
  because: string;
  observed: string;
  outcome: Outcome;
  /** The claim and what was observed, in Chinese; absent where nobody has written either. */
  zh?: { claim: string; observed: string };
}

export interface Verdict {
  outcome: Outcome;
  findings: Finding[];
  /** Of an inconclusive one: the machine had no time for the trial, which can be run again. */
  forWantOfTime?: true;
}
