import { mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { makeFolders } from "./folder.ts";
import { RecordingError, writingFailed } from "./recording-error.ts";

const NAME = /^[a-z0-9][a-z0-9._-]*$/i;

/** How many runs may begin in one second before the name of the folder is given up. */
const SAME_SECOND = 1000;

/** The file of one trial in the folder of a run: `close-wait-leak/buggy.ndjson`, or `buggy.2.ndjson` when repeated. */
export function recordingPath(
  runFolder: string,
  experiment: string,
  variant: string,
  repeat?: number,
): string {
  const file = repeat === undefined ? `${named(variant)}.ndjson` : `${named(variant)}.${repeat}.ndjson`;
  return join(runFolder, named(experiment), file);
}

/** The committed recording of a variant: `results/reference/close-wait-leak/buggy.ndjson` under the project's folder. */
export function referencePath(projectFolder: string, experiment: string, variant: string): string {
  return join(projectFolder, "results", "reference", named(experiment), `${named(variant)}.ndjson`);
}

/** Where the recording of one host lies, when a trial's hosts are observed each by its own: `buggy.server.ndjson`. */
export function partPath(recording: string, host: string): string {
  return recording.replace(/(?:\.ndjson)?$/, `.${named(host)}.ndjson`);
}

/** The folder, beside the recordings that count, of those whose trial was run again because the machine had no time for it. */
export const STARVED_FOLDER = "starved";

/** Where such a recording is kept: `starved/buggy.ndjson`, and of the second one `starved/buggy.again.ndjson`. */
export function starvedPath(recording: string, nth: number): string {
  const file = nth === 1 ? basename(recording) : basename(recording).replace(/\.ndjson$/, ".again.ndjson");
  return join(dirname(recording), STARVED_FOLDER, file);
}

/** Where a recording's spreadsheet lies: beside it, `buggy.summary.csv`. */
export function summaryPath(recording: string): string {
  return recording.replace(/(?:\.ndjson)?$/, ".summary.csv");
}

/** Where the packets of a recording's wires lie, when they were asked for: beside it, `buggy.pcapng`. */
export function pcapPath(recording: string): string {
  return recording.replace(/(?:\.ndjson)?$/, ".pcapng");
}

/** The name of a run's folder: UTC to the second, sortable, without colons: `2026-03-01T12-00-05Z`. */
function runFolderName(startedAt: Date): string {
  return startedAt
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(":", "-");
}

/**
 * Makes a folder of its own for a run under `out` (made too, when absent) and gives its path. Never an earlier run's:
 * a second run in the same second becomes `...Z-2`. Throws a RecordingError when it cannot be made.
 */
export function makeRunFolder(out: string, startedAt: Date = new Date()): string {
  const first = join(out, runFolderName(startedAt));
  try {
    makeFolders(out);
    for (let nth = 1; nth <= SAME_SECOND; nth += 1) {
      const folder = nth === 1 ? first : `${first}-${nth}`;
      if (makeFresh(folder)) return folder;
    }
  } catch (error) {
    throw writingFailed("make a folder for the run in", out, error);
  }
  throw new RecordingError(
    `cannot make a folder for the run: ${first} and ${SAME_SECOND} after it exist; move some away`,
    first,
  );
}

function makeFresh(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Ids become names of files: nothing in them may lead elsewhere. */
function named(id: string): string {
  if (NAME.test(id)) return id;
  throw new RecordingError(
    `${JSON.stringify(id)} cannot name a recording: letters, digits, "-", "_" and "." only, beginning with a letter or digit; rename the experiment or variant`,
    id,
  );
}
