import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import picomatch from "picomatch";
import { packageRoot } from "../lab/paths.ts";
import type { Experiment } from "../model/experiment.ts";
import { recordingPath } from "../recording/place.ts";
import { validateSetup } from "../recording/schema.ts";
import { InputError, UsageError } from "./errors.ts";
import { suggest } from "./suggest.ts";

/** An experiment, and the folder to which relative program paths in its setups refer. */
export interface Entry {
  experiment: Experiment;
  baseDir: string;
}

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
 * Throws UsageError for an unknown id, InputError for a file that is not an experiment.
 */
export async function select(words: string[], all: boolean): Promise<Entry[]> {
  const files = words.filter(isExperimentFile);
  if (all) return [...(await loadCatalogue()), ...(await Promise.all(files.map(loadFile)))];
  if (words.length === 0)
    return (await loadCatalogue()).filter((entry) => entry.experiment.tags.includes("tour"));
  const chosen = new Map<string, Entry>();
  for (const word of words) {
    const found = isExperimentFile(word) ? [await loadFile(word)] : await load(matching(word));
    for (const entry of found) chosen.set(entry.experiment.id, entry);
  }
  return [...chosen.values()];
}

/** Whether a word of the command line names one of the user's own files, not an id. */
export function isExperimentFile(word: string): boolean {
  return /\.(ts|js|mjs)$/.test(word);
}

function matching(word: string): string[] {
  const ids = catalogueIds();
  const matches = picomatch(word);
  const found = ids.filter((id) => matches(id));
  if (found.length > 0) return found;
  throw new UsageError(`There is no experiment ${word}.${suggest(word, ids)} "lastack list" lists all.`);
}

async function loadFile(word: string): Promise<Entry> {
  const file = resolve(word);
  if (!existsSync(file)) throw new UsageError(`${word} does not exist.`);
  return checkedEntry(await importOwn(file, word), dirname(file), word);
}

/** Checks an experiment that is not in the catalogue. Throws an InputError that begins with `name` when the experiment cannot be run. */
export function checkedEntry(experiment: Experiment, baseDir: string, name: string): Entry {
  try {
    for (const [variant, { setup }] of Object.entries(experiment.variants)) {
      validateSetup(setup);
      // Throws when the id or the variant is not allowed as a file name.
      recordingPath("", experiment.id, variant);
    }
  } catch (error) {
    throw new InputError(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { experiment, baseDir };
}

/** Loads a user's own file. An error in it is not a fault in lastack: it becomes an InputError with its own message. */
async function importOwn(file: string, word: string): Promise<Experiment> {
  try {
    return await importExperiment(file);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      `${word} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function importExperiment(file: string): Promise<Experiment> {
  const module = (await importFile(file)) as { experiment?: Experiment };
  const { experiment } = module;
  if (typeof experiment?.id !== "string" || typeof experiment.variants !== "object") {
    throw new InputError(
      `${file} exports no experiment: it needs "export const experiment = failureMode({ ... })" or "fact({ ... })".`,
    );
  }
  return experiment;
}

/** A user's own file, TypeScript or JavaScript, imports this same lastack as `lastack/experiment`. */
async function importFile(file: string): Promise<unknown> {
  if (!file.startsWith(experimentsFolder)) await import("../lab/typescript.ts");
  return import(pathToFileURL(file).href);
}
