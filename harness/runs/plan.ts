import type { Experiment } from "../model/experiment.ts";
import type { Entry } from "./own-file.ts";
import { UsageError } from "./errors.ts";
import { suggest } from "../recording/suggest.ts";
import type { TrialPlan } from "./trial.ts";

/** Selects trials of the chosen experiments. */
export interface Wanted {
  /** Only this variant. Absent: all variants. */
  variant?: string | undefined;
  /** How often each trial runs. Absent: once, and without a number. */
  repeat?: number | undefined;
}

/** The trials of some experiments, in the catalogue's order. Throws UsageError when there is none. */
export function planTrials(entries: Entry[], { variant, repeat }: Wanted): TrialPlan[] {
  const plans = entries.flatMap(({ experiment, baseDir }) =>
    variantsOf(experiment)
      .filter((name) => variant === undefined || name === variant)
      .flatMap((name) =>
        repetitions(repeat).map((nth) => ({ experiment, variant: name, baseDir, repeat: nth })),
      ),
  );
  if (plans.length > 0) return plans;
  if (variant === undefined) throw new UsageError("No experiment was chosen.");
  const names = [...new Set(entries.flatMap(({ experiment }) => variantsOf(experiment)))];
  throw new UsageError(
    `No chosen experiment has a variant ${variant}.${suggest(variant, names)} The variants are: ${names.join(", ")}.`,
  );
}

/** The names of an experiment's variants, in the experiment's order. */
export function variantsOf({ variants }: Experiment): string[] {
  return Object.keys(variants);
}

function repetitions(repeat: number | undefined): (number | undefined)[] {
  return repeat === undefined ? [undefined] : Array.from({ length: repeat }, (_, n) => n + 1);
}
