import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import picomatch from "picomatch";
import { packageRoot } from "../lab/paths.ts";
import type { Experiment } from "../model/experiment.ts";
import { quoted, suggest } from "../recording/suggest.ts";
import { UsageError } from "./errors.ts";
import { choiceOf } from "./choice.ts";
import { loadOwnFile, type Entry } from "./own-file.ts";
import { noVariant, variantsOf } from "./plan.ts";

const experimentsFolder = fileURLToPath(new URL("../../experiments/", import.meta.url));
/** No id, variant or useful glob is longer. picomatch refuses patterns of more than 65,536 characters. */
const LONGEST_WORD = 1000;
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
 * The experiments that a command line names: ids, globs of ids, or the user's own files, each alone or with a variant, or a glob of
 * variants, behind a slash (`close-wait-leak/fixed`, `mine.ts/plain`). Without a name, those tagged `tour`. Throws UsageError for an unknown
 * id or variant, and for a file without an experiment that can be run.
 */
export async function select(words: string[], all: boolean): Promise<Entry[]> {
  if (!all && words.length === 0)
    return (await loadCatalogue()).filter((entry) => entry.experiment.tags.includes("tour"));
  const named = all ? ["*", ...words] : words;
  const chosen = new Map<string, Entry>();
  for (const word of named) {
    for (const entry of await chosenBy(word)) {
      const { id } = entry.experiment;
      const other = chosen.get(id);
      if (other !== undefined && other.experiment !== entry.experiment) {
        throw new UsageError(
          `${word}: another experiment of this run has the id ${id}, too; change one of them.`,
        );
      }
      chosen.set(id, joined(other, entry));
    }
  }
  return [...chosen.values()];
}

/** The experiments that one word names, each with the variants that it names. Throws UsageError. */
async function chosenBy(word: string): Promise<Entry[]> {
  const { name, isFile, variant } = choiceOf(word);
  const entries = isFile ? [await loadOwnFile(name, catalogueIds())] : await load(matching(name));
  if (variant === null) return entries;
  const matches = matcherOf(variant, word);
  const found = entries
    .map((entry) => ({ ...entry, variants: variantsOf(entry.experiment).filter((one) => matches(one)) }))
    .filter(({ variants }) => variants.length > 0);
  if (found.length > 0) return found;
  throw new UsageError(noVariant(variant, entries));
}

/** An experiment that two words name: with the variants of both, in the experiment's order. */
function joined(first: Entry | undefined, second: Entry): Entry {
  if (first === undefined || second.variants === undefined) return second;
  if (first.variants === undefined) return first;
  const both = [...first.variants, ...second.variants];
  return { ...second, variants: variantsOf(second.experiment).filter((one) => both.includes(one)) };
}

function matching(name: string): string[] {
  const ids = catalogueIds();
  const matches = matcherOf(name, name);
  const found = ids.filter((id) => matches(id));
  if (found.length > 0) return found;
  if (statSync(name, { throwIfNoEntry: false })?.isFile() === true) {
    throw new UsageError(`${quoted(name)} is no experiment: a file of your own ends in .ts, .js or .mjs.`);
  }
  throw new UsageError(
    `There is no experiment ${quoted(name)}.${suggest(name, ids)} "lastack list" lists all experiments.`,
  );
}

/** A glob's test of names. Throws UsageError for a word that is no glob: an empty one, and one that is far too long. */
function matcherOf(glob: string, word: string): (name: string) => boolean {
  if (glob === "") {
    throw new UsageError(
      `${JSON.stringify(word)} names no experiment: write an id, such as close-wait-leak, or ID/VARIANT. "lastack list" lists all.`,
    );
  }
  if (glob.length > LONGEST_WORD) {
    throw new UsageError(`A name has at most ${LONGEST_WORD} characters, and this one has ${glob.length}.`);
  }
  return picomatch(glob);
}

async function importExperiment(file: string): Promise<Experiment> {
  return ((await import(pathToFileURL(file).href)) as { experiment: Experiment }).experiment;
}
