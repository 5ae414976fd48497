import { existsSync, readdirSync } from "node:fs";
import { register } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import picomatch from "picomatch";
import type { Experiment } from "../model/experiment.ts";
import { validateSetup } from "../recording/schema.ts";
import { InputError, UsageError } from "./exit.ts";
import { suggest } from "./suggest.ts";

/** An experiment and the folder that relative program paths in its setups start from. */
export interface Entry {
  experiment: Experiment;
  baseDir: string;
}

const experimentsFolder = fileURLToPath(new URL("../../experiments/", import.meta.url));
const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";

/** Every experiment of the catalogue, by id. A folder without an experiment file is half-done and not listed. */
export async function loadCatalogue(): Promise<Entry[]> {
  const ids = readdirSync(experimentsFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .filter((id) => existsSync(join(experimentsFolder, id, `experiment.${extension}`)))
    .toSorted();
  return Promise.all(
    ids.map(async (id) => ({
      experiment: await importExperiment(join(experimentsFolder, id, `experiment.${extension}`)),
      baseDir: join(experimentsFolder, id),
    })),
  );
}

/**
 * The experiments that a command line names: ids, globs of ids, or files of the user's own; with none, those tagged
 * `tour`. Throws UsageError for an unknown id, InputError for a file that is no experiment.
 */
export async function select(words: string[], all: boolean): Promise<Entry[]> {
  const files = words.filter(isFile);
  const catalogue = await loadCatalogue();
  if (all) return [...catalogue, ...(await Promise.all(files.map(loadFile)))];
  if (words.length === 0) return catalogue.filter((entry) => entry.experiment.tags.includes("tour"));
  const chosen = new Map<string, Entry>();
  for (const word of words) {
    const found = isFile(word) ? [await loadFile(word)] : matching(word, catalogue);
    for (const entry of found) chosen.set(entry.experiment.id, entry);
  }
  return [...chosen.values()];
}

function isFile(word: string): boolean {
  return /\.(ts|js|mjs)$/.test(word);
}

function matching(word: string, catalogue: Entry[]): Entry[] {
  const matches = picomatch(word);
  const found = catalogue.filter((entry) => matches(entry.experiment.id));
  if (found.length > 0) return found;
  const ids = catalogue.map((entry) => entry.experiment.id);
  throw new UsageError(`There is no experiment ${word}.${suggest(word, ids)} "lastack list" shows them all.`);
}

async function loadFile(word: string): Promise<Entry> {
  const file = resolve(word);
  if (!existsSync(file)) throw new InputError(`${word} does not exist.`);
  const experiment = await importExperiment(file);
  try {
    for (const variant of Object.values(experiment.variants)) validateSetup(variant.setup);
  } catch (error) {
    throw new InputError(`${word}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { experiment, baseDir: dirname(file) };
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

/** TypeScript of the user's own goes through tsx where Node does not strip types itself; both see lastack/experiment. */
async function importFile(file: string): Promise<unknown> {
  const url = pathToFileURL(file).href;
  const own = file.startsWith(experimentsFolder);
  if (own) return import(url);
  offerTheDoor();
  if (!file.endsWith(".ts")) return import(url);
  const { tsImport } = await import("tsx/esm/api");
  return tsImport(url, import.meta.url);
}

let offered = false;

/** Makes `import ... from "lastack/experiment"` find this very lastack from wherever the user's file lies. */
function offerTheDoor(): void {
  if (offered) return;
  offered = true;
  const door = new URL(`../experiment.${extension}`, import.meta.url).href;
  const hook = `export const resolve = (specifier, context, next) =>
    specifier === "lastack/experiment" ? { url: ${JSON.stringify(door)}, shortCircuit: true } : next(specifier, context);`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
}
