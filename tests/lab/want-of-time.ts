/**
 * In a run, one trial in twenty may have no verdict because the machine was too busy for it, even when it was run again alone. This can
 * happen beside other work. More of them are a failure, because a trial without a verdict tests nothing. A single trial that is refuted, or
 * inconclusive for another reason, is a failure too. A run of fewer than twenty trials must have all verdicts.
 */
const MOST_OF = 1 / 20;

/** What the JSON of a run says about a trial: harness/report/json.ts. */
export interface ToldTrial {
  outcome: string;
  forWantOfTime?: true;
}

/** The names of a run's trials for which the machine was too busy. Empty if there are too many of them: then none is excused. */
export function excused(trials: ReadonlyMap<string, ToldTrial>): string[] {
  const names = [...trials].filter(([, trial]) => trial.forWantOfTime === true).map(([name]) => name);
  return names.length <= trials.size * MOST_OF ? names : [];
}
