import type { Experiment } from "../model/experiment.ts";
import type { Recording } from "../model/recording.ts";
import type { Verdict } from "../model/verdict.ts";

/** One trial of a variant, and its result. */
export interface VariantResult {
  variant: string;
  /** From 1 when the trial was repeated; otherwise absent. */
  repeat?: number | undefined;
  verdict: Verdict;
  /** null when the trial wrote none. */
  recording: Recording | null;
  path: string | null;
  /** How long the trial took. */
  seconds?: number;
  /** How often it was run again because the machine had no time for it; absent is 0. */
  again?: number;
  /** Of a recording that is judged again: the places at which the variant's setup is another one today. Absent when there are none. */
  changed?: string[];
}

/** An experiment and the trials of it that a run made, in the order in which they are shown. */
export interface ExperimentResult {
  experiment: Experiment;
  results: VariantResult[];
}

/** The results by variant, in the order in which the variants first occur. */
export function byVariant<R extends VariantResult>(results: R[]): Map<string, R[]> {
  const names = new Set(results.map((result) => result.variant));
  return new Map([...names].map((name) => [name, results.filter((result) => result.variant === name)]));
}
