import { type Finding, type Outcome, worst } from "../model/verdict.ts";
import type { Language } from "../model/text.ts";
import { findingIn } from "./verdict-words.ts";
import { byVariant, type ExperimentResult, type VariantResult } from "./result.ts";

/** What `lastack run --json` and `lastack judge --json` print. */
export interface RunJson {
  outcome: Outcome;
  experiments: ExperimentJson[];
}

interface ExperimentJson {
  id: string;
  outcome: Outcome;
  /** The sum over all its trials, some of which can have run at the same time. */
  seconds: number;
  variants: Record<string, VariantJson>;
}

interface TrialJson {
  outcome: Outcome;
  /** The path of the recording; null when none was written. */
  recording: string | null;
  findings: Finding[];
  /** Only if inconclusive: the machine had no time for the trial, even when it was run again. */
  forWantOfTime?: true;
  /** How often the trial was run again because the machine had no time for it; absent if never. */
  again?: number;
  /** Of a recording that is judged again: the places at which the variant's setup is another one today. Absent when there are none. */
  setupChanged?: string[];
}

/** With several repetitions, the first one with the worst outcome stands for the variant, and `repeats` has all of them. */
interface VariantJson extends TrialJson {
  repeats?: TrialJson[];
}

/** A run's results as the document that `--json` prints, in one language. At every level, the worst outcome wins. */
export function runJson(groups: ExperimentResult[], language: Language = "en"): RunJson {
  const experiments = groups.map((group) => experimentJson(group, language));
  return { outcome: worst(experiments.map((one) => one.outcome)), experiments };
}

function experimentJson({ experiment, results }: ExperimentResult, language: Language): ExperimentJson {
  const variants = [...byVariant(results)].map(([name, trials]): [string, VariantJson] => [
    name,
    variantJson(trials, language),
  ]);
  const seconds = results.reduce((sum, result) => sum + (result.seconds ?? 0), 0);
  return {
    id: experiment.id,
    outcome: worst(variants.map(([, variant]) => variant.outcome)),
    seconds: Number(seconds.toFixed(3)),
    variants: Object.fromEntries(variants),
  };
}

function variantJson(trials: VariantResult[], language: Language): VariantJson {
  const all = trials.map((trial) => trialJson(trial, language));
  const outcome = worst(all.map((trial) => trial.outcome));
  const [first] = all.filter((trial) => trial.outcome === outcome);
  const shown = first ?? { outcome, recording: null, findings: [] };
  return all.length > 1 ? { ...shown, repeats: all } : shown;
}

function trialJson({ verdict, path, again = 0, changed }: VariantResult, language: Language): TrialJson {
  return {
    outcome: verdict.outcome,
    recording: path,
    findings: verdict.findings.map((finding) => findingIn(language, finding)),
    ...(verdict.forWantOfTime === true && { forWantOfTime: true }),
    ...(again > 0 && { again }),
    ...(changed !== undefined && { setupChanged: changed }),
  };
}
