import type { Experiment } from "./experiment.ts";
import { ROWS, type Sight } from "./sight.ts";

/** Whether a sight is one of rows, and no error and no counter. */
export function isRow(sight: Sight): sight is keyof typeof ROWS {
  return sight in ROWS;
}

/** The other experiments that are seen in some row in which this one is seen. */
export function alike<E extends Experiment>({ id, signs }: Experiment, all: readonly E[]): E[] {
  const rows = new Set((signs?.seen ?? []).filter(isRow));
  return all.filter(
    (other) => other.id !== id && (other.signs?.seen ?? []).some((sight) => isRow(sight) && rows.has(sight)),
  );
}
