import type { Experiment } from "../model/experiment.ts";
import type { Entry } from "./catalogue.ts";
import { UsageError } from "./errors.ts";
import { suggest } from "./suggest.ts";
import type { TrialPlan } from "./trial.ts";

/** Which trials of the chosen experiments are wanted. */
export interface Wanted {
  /** Only this variant; when it is absent, all. */
  variant?: string | undefined;
  /** Each trial so often; when it is absent, once, and without a number. */
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
  if (variant === undefined) throw new UsageError("There is nothing to run.");
  const names = [...new Set(entries.flatMap(({ experiment }) => variantsOf(experiment)))];
  throw new UsageError(
    `No chosen experiment has a variant ${variant}.${suggest(variant, names)} There are: ${names.join(", ")}.`,
  );
}

/** The names of an experiment's variants, in its own order. */
export function variantsOf({ variants }: Experiment): string[] {
  return Object.keys(variants);
}

function repetitions(repeat: number | undefined): (number | undefined)[] {
  return repeat === undefined ? [undefined] : Array.from({ length: repeat }, (_, n) => n + 1);
}
