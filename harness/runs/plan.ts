import type { Experiment } from "../model/experiment.ts";
import type { Entry } from "./own-file.ts";
import { UsageError } from "./errors.ts";
import { suggest } from "../recording/suggest.ts";
import type { TrialPlan } from "./trial.ts";

/** Selects trials of the chosen experiments. */
export interface Wanted {
  /** Only this variant, or only these. Absent: the variants that the experiments were chosen with. */
  variant?: string | string[] | undefined;
  /** How often each trial runs. Absent: once, and without a number. */
  repeat?: number | undefined;
}

/** A message lists the variants' names only up to this number. */
const MOST_NAMES = 12;

/**
 * The trials of some experiments, in the catalogue's order. Throws UsageError when there is none, when no chosen experiment has one of the
 * variants, and when an experiment was chosen with its variant and `variant` is given, too.
 */
export function planTrials(entries: Entry[], { variant, repeat }: Wanted): TrialPlan[] {
  const wanted = variant === undefined ? [] : [variant].flat();
  if (wanted.length > 0) refuseUnknown(wanted, entries);
  const plans = entries.flatMap(({ experiment, baseDir, variants }) =>
    variantsOf(experiment)
      .filter((name) => (variants ?? wanted).length === 0 || (variants ?? wanted).includes(name))
      .flatMap((name) =>
        repetitions(repeat).map((nth) => ({ experiment, variant: name, baseDir, repeat: nth })),
      ),
  );
  if (plans.length === 0) throw new UsageError("No experiment was chosen.");
  return plans;
}

function refuseUnknown(wanted: string[], entries: Entry[]): void {
  const chosen = entries.find(({ variants }) => variants !== undefined);
  if (chosen !== undefined) {
    const { id } = chosen.experiment;
    throw new UsageError(
      `${id}/${chosen.variants?.[0] ?? ""} names its variant already: write ID/VARIANT or --variant, and not both.`,
    );
  }
  const names = entries.flatMap(({ experiment }) => variantsOf(experiment));
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new UsageError(noVariant(unknown, entries));
}

/** The sentences for a variant that no chosen experiment has: the nearest name, and the names where they are few. */
export function noVariant(variant: string, entries: Entry[]): string {
  const names = [...new Set(entries.flatMap(({ experiment }) => variantsOf(experiment)))];
  const [first, second] = entries;
  const lacks =
    first !== undefined && second === undefined
      ? `${first.experiment.id} has no variant ${JSON.stringify(variant)}.`
      : `No chosen experiment has a variant ${JSON.stringify(variant)}.`;
  const known =
    names.length <= MOST_NAMES
      ? `The variants are: ${names.join(", ")}.`
      : `"lastack list" lists the variants of every experiment.`;
  return `${lacks}${suggest(variant, names)} ${known}`;
}

/** The names of an experiment's variants, in the experiment's order. */
export function variantsOf({ variants }: Experiment): string[] {
  return Object.keys(variants);
}

function repetitions(repeat: number | undefined): (number | undefined)[] {
  return repeat === undefined ? [undefined] : Array.from({ length: repeat }, (_, n) => n + 1);
}
