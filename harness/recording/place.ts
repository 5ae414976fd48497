import { mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { makeFolders } from "./folder.ts";
import { RecordingError, writingFailed } from "./recording-error.ts";

const NAME = /^[a-z0-9][a-z0-9._-]*$/i;

/** The most names that are tried for the folder of a run when several runs begin in the same second. */
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

/** The recording of one host, when each host of a trial has its own observer: `buggy.server.ndjson`. */
export function partPath(recording: string, host: string): string {
  return recording.replace(/(?:\.ndjson)?$/, `.${named(host)}.ndjson`);
}

/** The folder, beside the other recordings, for recordings of trials that were run again because they got too little processor time. */
export const STARVED_FOLDER = "starved";

/** The path of such a recording: `starved/buggy.ndjson` for the first, `starved/buggy.again.ndjson` for the second. */
export function starvedPath(recording: string, nth: number): string {
  const file = nth === 1 ? basename(recording) : basename(recording).replace(/\.ndjson$/, ".again.ndjson");
  return join(dirname(recording), STARVED_FOLDER, file);
}

/** The path of a recording's summary, beside it: `buggy.summary.csv`. */
export function summaryPath(recording: string): string {
  return recording.replace(/(?:\.ndjson)?$/, ".summary.csv");
}

/** The path of the file with the segments on a recording's wires (`--pcap`), beside it: `buggy.pcapng`. */
export function pcapPath(recording: string): string {
  return recording.replace(/(?:\.ndjson)?$/, ".pcapng");
}

/** The streams whose text is kept. */
export type PrintedOn = "stdout" | "stderr";

/** The path of the file with what a program of a trial printed on a stream, beside the recording: `buggy.server.stderr`. */
export function printedPath(recording: string, program: string, on: PrintedOn): string {
  return recording.replace(/(?:\.ndjson)?$/, `.${program.replaceAll(/[^\w.-]/g, "-")}.${on}`);
}

/** The name of a run's folder: UTC to the second, sortable, without colons: `2026-03-01T12-00-05Z`. */
function runFolderName(startedAt: Date): string {
  return startedAt
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(":", "-");
}

/** When a run began, from the name of its folder: ISO 8601, UTC; null for any other name. */
export function startOf(name: string): string | null {
  const [, day, hours, minutes, seconds] =
    /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z(?:-\d+)?$/.exec(name) ?? [];
  return day === undefined ? null : `${day}T${hours}:${minutes}:${seconds}Z`;
}

/**
 * Makes a new folder for a run under `out` and returns its path. `out` is made too, if it does not exist. A second run in the same
 * second gets the name `...Z-2`. Throws a RecordingError when the folder cannot be made.
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
    `cannot make a folder for the run: ${first} and ${SAME_SECOND} more of the same second exist; move some away`,
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

/** Checks an id that becomes a file name: it must not lead to another folder. */
function named(id: string): string {
  if (NAME.test(id)) return id;
  throw new RecordingError(
    `${JSON.stringify(id)} cannot name a recording: only letters, digits, "-", "_" and "." are allowed, ` +
      "and the first must be a letter or digit; rename the experiment or variant",
    id,
  );
}
