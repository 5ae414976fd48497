import type { Experiment } from "./experiment.ts";
import { ROWS, type Sight } from "./sight.ts";

/** Whether a sight is one of rows, and no error and no counter. */
export function isRow(sight: Sight): sight is keyof typeof ROWS {
  return sight in ROWS;
}

/** The other experiments that are seen in some row in which this one is seen; those of its first row come first. */
export function alike<E extends Experiment>({ id, signs }: Experiment, all: readonly E[]): E[] {
  const rows = (signs?.seen ?? []).filter(isRow);
  const placeOf = (other: Experiment): number =>
    rows.findIndex((row) => other.signs?.seen.includes(row) === true);
  return all
    .filter((other) => other.id !== id && placeOf(other) !== -1)
    .toSorted((a, b) => placeOf(a) - placeOf(b));
}
