import { loadCatalogue } from "../../harness/runs/catalogue.ts";
import { describedIn } from "../../harness/runs/described.ts";
import { referenceRecordings, referenceSettled } from "../../harness/runs/settled.ts";
import { expectedRows } from "../../tests/check/expected.ts";
import { readTree } from "../../tests/architecture/tree.ts";
import type { Sources } from "./output.ts";

/** The texts of the project's pages, by their path from its folder. */
export function readPages(): ReadonlyMap<string, string> {
  return readTree(/\.md$/);
}

/** The sources of the programs that pages name: not those of tests, in which an option can be wrong on purpose. */
export function readSourcesOfPrograms(): ReadonlyMap<string, string> {
  return new Map(
    [...readTree(/\.(?:ts|mjs|py)$/)].filter(([path]) => !/\.test\.ts$|^tests\/examples\//.test(path)),
  );
}

/** The sources of the pages: the catalogue, and the committed recordings. */
export async function readSources(): Promise<Sources> {
  const catalogue = await loadCatalogue();
  const recorded = referenceRecordings();
  const described = describedIn(catalogue);
  return {
    experiments: catalogue.map(({ experiment }) => experiment),
    recorded,
    expected: await expectedRows(),
    settled: (ids) => referenceSettled(ids, described, recorded),
  };
}
