import type { Experiment } from "../model/experiment.ts";

/** The counters that symptoms ask for, in the order of their names. */
export function meteredCounters(experiments: readonly Experiment[]): string[] {
  const names = experiments.flatMap((experiment) =>
    experiment.kind === "failure-mode"
      ? experiment.symptom.flatMap(({ metered }) =>
          metered?.condition.of === "counter" ? metered.condition.counter : [],
        )
      : [],
  );
  return [...new Set(names)].toSorted();
}
