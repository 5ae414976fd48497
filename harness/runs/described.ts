import type { Described } from "../claims/settle.ts";
import { summaryInChinese } from "../claims/summaries.ts";
import type { Variant } from "../model/experiment.ts";
import type { Entry } from "./own-file.ts";

/** The summaries of a catalogue's variants, in both languages. For a trial that is not in the catalogue: its name. */
export function describedIn(catalogue: Entry[]): Described {
  const summaries = new Map(
    catalogue.flatMap(({ experiment }) =>
      Object.entries(experiment.variants as Record<string, Variant>).map(([variant, { summary }]) => [
        `${experiment.id}/${variant}`,
        summary,
      ]),
    ),
  );
  return (trial) => {
    const en = summaries.get(trial) ?? trial;
    return { en, zh: summaryInChinese(trial) ?? en };
  };
}
