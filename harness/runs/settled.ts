import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { release } from "node:os";
import { join } from "node:path";
import type { ClaimResult } from "../claims/claim.ts";
import { RULES } from "../claims/rules.ts";
import { type Described, settle, type Recorded } from "../claims/settle.ts";
import { packageRoot } from "../lab/paths.ts";
import type { Recording } from "../model/recording.ts";
import { recordingPath, referencePath } from "../recording/place.ts";
import { readRecording } from "../recording/read.ts";
import { readingFailed, RecordingError } from "../recording/recording-error.ts";

/** Claims, settled from recordings. */
export interface SettledRun {
  /** The release of the kernel on which the recordings were made. */
  kernel: string;
  results: ClaimResult[];
  recorded: Recorded;
  /** Who made the recordings: this run, an earlier run into this folder, or lastack (they come with it). */
  from: "now" | "lastack" | { folder: string };
}

/** The part of a SettledRun that is written to the run's folder, beside the recordings. */
interface Kept {
  kernel: string;
  results: ClaimResult[];
}

/** The file in the folder of a run with the claims that it settled. */
export const SETTLED_FILE = "claims.json";

/** Settles claims from the recordings in the folder of a run. */
export function recordedIn(folder: string, ids: string[], described: Described): SettledRun {
  const recorded = fromFiles((id, variant) => recordingPath(folder, id, variant));
  return { kernel: release(), results: settleAll(ids, recorded, described), recorded, from: "now" };
}

/** Settles claims from the recordings that come with lastack. `recorded`: these recordings, if they have been read already. */
export function referenceSettled(
  ids: string[],
  described: Described,
  recorded = referenceRecordings(),
): SettledRun {
  const results = settleAll(ids, recorded, described);
  const kernels = results.flatMap(({ experiment }) => recorded(experiment)?.header.kernel.release ?? []);
  const kernel = [...new Set(kernels)].join(", ");
  return { kernel, results, recorded, from: "lastack" };
}

/** The recordings that come with lastack. */
export function referenceRecordings(): Recorded {
  return fromFiles((id, variant) => referencePath(packageRoot, id, variant));
}

/** Writes the results of a run to its folder, so that they can be printed again. */
export function keepSettled(folder: string, { kernel, results }: SettledRun): void {
  writeFileSync(join(folder, SETTLED_FILE), `${JSON.stringify({ kernel, results } satisfies Kept)}\n`);
}

/**
 * The results of the last run under `out` that settled all of these claims; null when there is no such run. Throws a RecordingError for a
 * folder that cannot be read.
 */
export function lastSettled(out: string, ids: string[]): SettledRun | null {
  if (!existsSync(out)) return null;
  for (const folder of foldersIn(out).toReversed()) {
    const kept = readKept(join(folder, SETTLED_FILE));
    if (kept === null || !ids.every((id) => kept.results.some((result) => result.id === id))) continue;
    const recorded = fromFiles((id, variant) => recordingPath(folder, id, variant));
    return { ...kept, recorded, from: { folder } };
  }
  return null;
}

/** The folders in a folder, in the order of their names. */
function foldersIn(out: string): string[] {
  try {
    return readdirSync(out, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(out, name))
      .toSorted();
  } catch (error) {
    throw readingFailed("read the folder", out, error);
  }
}

/** Reads a run's results; null when the file is missing, cannot be read, is damaged, or was cut off while it was written. */
function readKept(path: string): Kept | null {
  try {
    const kept = JSON.parse(readFileSync(path, "utf8")) as Kept | null;
    const isWhole =
      typeof kept?.kernel === "string" && Array.isArray(kept.results) && kept.results.every(isResult);
    return isWhole ? kept : null;
  } catch {
    return null;
  }
}

/** Whether a value has the parts of a ClaimResult that every report uses. */
function isResult(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { id, verdict, experiment, observed, because, under, beyond } = value as Record<string, unknown>;
  return (
    [id, verdict, experiment].every((part) => typeof part === "string") &&
    [observed, because].every((part) => part !== undefined && part !== null) &&
    [under, beyond].every((part) => Array.isArray(part))
  );
}

/** Settles claims from these recordings, in the order of the rules. */
export function settleAll(ids: string[], recorded: Recorded, described: Described): ClaimResult[] {
  return RULES.filter(({ id }) => ids.includes(id)).map((rule) => settle(rule, recorded, described));
}

/** Reads recordings by trial, each once. A missing or damaged recording is null: claims that need it are inconclusive. */
function fromFiles(pathOf: (id: string, variant: string) => string): Recorded {
  const read = new Map<string, Recording | null>();
  return (trial) => {
    const known = read.get(trial);
    if (known !== undefined) return known;
    const [id = "", variant = ""] = trial.split("/");
    const recording = readOrNull(pathOf(id, variant));
    read.set(trial, recording);
    return recording;
  };
}

function readOrNull(path: string): Recording | null {
  if (!existsSync(path)) return null;
  try {
    return readRecording(path);
  } catch (error) {
    if (error instanceof RecordingError) return null;
    throw error;
  }
}
