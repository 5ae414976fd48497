import type { Probe } from "../model/probe.ts";
import { PROBES } from "../probes/all.ts";
import { quoted, suggest } from "../recording/suggest.ts";
import { UsageError } from "../runs/errors.ts";

/** The probes with these ids, in the order in which probes are printed; all without any id. Throws a UsageError for an unknown one. */
export function chosenProbes(ids: readonly string[] = []): readonly Probe[] {
  const known = PROBES.map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined)
    throw new UsageError(
      `There is no probe ${quoted(unknown)}.${suggest(unknown, known)} "lastack check --list" lists all probes.`,
    );
  return ids.length === 0 ? PROBES : PROBES.filter(({ id }) => ids.includes(id));
}
