import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import picomatch from "picomatch";
import { packageRoot } from "../lab/paths.ts";
import type { Experiment } from "../model/experiment.ts";
import { suggest } from "../recording/suggest.ts";
import { UsageError } from "./errors.ts";
import { isExperimentFile, loadOwnFile, type Entry } from "./own-file.ts";

const experimentsFolder = fileURLToPath(new URL("../../experiments/", import.meta.url));
const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";

/** Every experiment of the catalogue, sorted by id. A folder without an experiment file is unfinished and is left out. */
export function loadCatalogue(): Promise<Entry[]> {
  return load(catalogueIds());
}

/** The names of the folders are the ids. Thus a command line that names a few experiments loads only these, not some 120 files. */
function catalogueIds(): string[] {
  return readdirSync(experimentsFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .filter((id) => existsSync(join(experimentsFolder, id, `experiment.${extension}`)))
    .toSorted();
}

/** The folder to which relative paths of a catalogue's experiment refer: that of its reference programs, if it has any. */
function baseDirOf(id: string): string {
  const folder = join(packageRoot, "servers", id);
  return existsSync(folder) ? folder : packageRoot;
}

function load(ids: string[]): Promise<Entry[]> {
  return Promise.all(
    ids.map(async (id) => ({
      experiment: await importExperiment(join(experimentsFolder, id, `experiment.${extension}`)),
      baseDir: baseDirOf(id),
    })),
  );
}

/**
 * The experiments that a command line names: ids, globs of ids, or the user's own files. Without a name, those tagged `tour`.
 * Throws UsageError for an unknown id, and for a file without an experiment that can be run.
 */
export async function select(words: string[], all: boolean): Promise<Entry[]> {
  const files = words.filter(isExperimentFile);
  if (all) return [...(await loadCatalogue()), ...(await Promise.all(files.map(loadOwn)))];
  if (words.length === 0)
    return (await loadCatalogue()).filter((entry) => entry.experiment.tags.includes("tour"));
  const chosen = new Map<string, Entry>();
  for (const word of words) {
    const found = isExperimentFile(word) ? [await loadOwn(word)] : await load(matching(word));
    for (const entry of found) chosen.set(entry.experiment.id, entry);
  }
  return [...chosen.values()];
}

const loadOwn = (word: string): Promise<Entry> => loadOwnFile(word, catalogueIds());

function matching(word: string): string[] {
  const ids = catalogueIds();
  const matches = picomatch(word);
  const found = ids.filter((id) => matches(id));
  if (found.length > 0) return found;
  throw new UsageError(`There is no experiment ${word}.${suggest(word, ids)} "lastack list" lists all.`);
}

async function importExperiment(file: string): Promise<Experiment> {
  return ((await import(pathToFileURL(file).href)) as { experiment: Experiment }).experiment;
}
