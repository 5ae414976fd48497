/**
 * Of the trials of a run, one in twenty may be left without a verdict because the machine had no time for it, though it was run again
 * alone: beside others that is nobody's fault. More of them are a failure, for what nothing was learned of was not tested; and so is
 * a single one that is refuted, or inconclusive for another reason. A run of fewer than twenty has to have them all.
 */
const MOST_OF = 1 / 20;

/** What a run's document tells of a trial: harness/report/json.ts. */
export interface ToldTrial {
  outcome: string;
  forWantOfTime?: true;
}

/** The names of those of a run's trials for which the machine had no time, where that is not too many; otherwise none is excused. */
export function excused(trials: ReadonlyMap<string, ToldTrial>): string[] {
  const names = [...trials].filter(([, trial]) => trial.forWantOfTime === true).map(([name]) => name);
  return names.length <= trials.size * MOST_OF ? names : [];
}
