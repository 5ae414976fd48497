import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { packageRoot } from "../lab/paths.ts";
import type { Experiment } from "../model/experiment.ts";
import type { Entry } from "./own-file.ts";

const experimentsFolder = fileURLToPath(new URL("../../experiments/", import.meta.url));
const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";

/** Every experiment of the catalogue, sorted by id. A folder without an experiment file is unfinished and is left out. */
export function loadCatalogue(): Promise<Entry[]> {
  return load(catalogueIds());
}

/** The names of the folders are the ids. Thus a command line that names a few experiments loads only these, not some 120 files. */
export function catalogueIds(): string[] {
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

/** The experiments of these ids. */
export function load(ids: string[]): Promise<Entry[]> {
  return Promise.all(
    ids.map(async (id) => ({
      experiment: await importExperiment(join(experimentsFolder, id, `experiment.${extension}`)),
      baseDir: baseDirOf(id),
    })),
  );
}

async function importExperiment(file: string): Promise<Experiment> {
  return ((await import(pathToFileURL(file).href)) as { experiment: Experiment }).experiment;
}
