import type { ExperimentResult } from "./result.ts";

/** At most so many places of a setup are named. */
const MOST_PLACES = 4;

/**
 * One sentence or two for each variant whose setup is another one today than when it was recorded: a claim can then be confirmed, or
 * refuted, by a trial that the experiment no longer describes.
 */
export function changedSetups(groups: ExperimentResult[]): string[] {
  const sentences = groups.flatMap(({ experiment, results }) =>
    results.flatMap(({ variant, changed }) =>
      changed === undefined ? [] : [sentence(`${experiment.id}/${variant}`, changed)],
    ),
  );
  return [...new Set(sentences)];
}

function sentence(name: string, places: string[]): string {
  const named = places.slice(0, MOST_PLACES).join(", ");
  const more = places.length > MOST_PLACES ? ` and ${places.length - MOST_PLACES} more` : "";
  return (
    `The setup of ${name} has changed since it was recorded: ${named}${more}. ` +
    "The verdict is about the recorded setup; run the experiment again to test the new one."
  );
}
