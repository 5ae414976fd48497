import {
  type Dirent,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { KeptOutcome, PastRun } from "../model/past-run.ts";
import type { Outcome } from "../model/verdict.ts";
import { startOf, STARVED_FOLDER } from "../recording/place.ts";
import { readingFailed, writingFailed } from "../recording/recording-error.ts";
import { SETTLED_FILE } from "./settled.ts";

const OUTCOME_FILE = "outcome.json";

/** A folder without an outcome in which something was written so recently may belong to a run that has not ended. */
const STILL_RUNNING_MS = 60_000;

/** Keeps in the folder of a run what it concluded, for `pastRuns`. On a full disk nothing is kept: the recordings matter more. */
export function keepOutcome(folder: string, outcomes: Outcome[], interrupted: boolean): void {
  const count = (wanted: Outcome): number => outcomes.filter((outcome) => outcome === wanted).length;
  const kept: KeptOutcome = {
    trials: {
      refuted: count("refuted"),
      inconclusive: count("inconclusive"),
      confirmed: count("confirmed"),
    },
    interrupted,
  };
  try {
    writeFileSync(join(folder, OUTCOME_FILE), `${JSON.stringify(kept)}\n`);
  } catch {
    // The listing of runs then shows no outcome for this one.
  }
}

/**
 * The runs in a folder such as `results/runs`, the oldest first. Only folders that are named like runs count; a folder that does not exist
 * has none. Throws a RecordingError for a folder that cannot be read.
 */
export function pastRuns(out: string): PastRun[] {
  if (!existsSync(out)) return [];
  return entriesIn(out)
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const startedAt = startOf(name);
      return startedAt === null ? [] : [pastRun(join(out, name), name, startedAt)];
    })
    .toSorted((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
}

/**
 * Deletes all but the last `keep` runs of a folder. Returns those that were deleted, and those that were not because they may still be
 * running. Throws a RecordingError when a folder cannot be deleted.
 */
export function pruneRuns(out: string, keep: number): { deleted: PastRun[]; running: PastRun[] } {
  const runs = pastRuns(out);
  const old = runs.slice(0, Math.max(0, runs.length - keep));
  const running = old.filter((run) => mayBeRunning(join(out, run.name), run));
  const deleted = old.filter((run) => !running.includes(run));
  for (const { name } of deleted) {
    const folder = join(out, name);
    try {
      rmSync(folder, { recursive: true });
    } catch (error) {
      throw writingFailed("delete the run", folder, error);
    }
  }
  return { deleted, running };
}

function pastRun(folder: string, name: string, startedAt: string): PastRun {
  const files = filesBelow(folder);
  const recordings = files.filter(
    (path) => path.endsWith(".ndjson") && !path.includes(`/${STARVED_FOLDER}/`) && path.includes("/"),
  );
  return {
    name,
    startedAt,
    bytes: files.reduce((sum, path) => sum + sizeOf(join(folder, path)), 0),
    recordings: recordings.length,
    experiments: [...new Set(recordings.map((path) => path.split("/")[0] ?? ""))].toSorted(),
    outcome: outcomeIn(folder),
    claims: files.includes(SETTLED_FILE),
  };
}

function mayBeRunning(folder: string, { outcome, claims }: PastRun): boolean {
  if (outcome !== null || claims) return false;
  const times = filesBelow(folder).map((path) => changedMs(join(folder, path)));
  return Date.now() - Math.max(changedMs(folder), ...times) < STILL_RUNNING_MS;
}

/** The files below a folder, as paths from it. Links are not followed. */
function filesBelow(folder: string): string[] {
  return entriesIn(folder).flatMap((entry) =>
    entry.isDirectory()
      ? filesBelow(join(folder, entry.name)).map((path) => `${entry.name}/${path}`)
      : [entry.name],
  );
}

function entriesIn(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw readingFailed("read the folder", folder, error);
  }
}

// A run that ends at this moment can rename or remove a file between the listing and the question for its size.
const sizeOf = (path: string): number => lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
const changedMs = (path: string): number => lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** The kept outcome; null when there is none, or when the file is damaged. */
function outcomeIn(folder: string): KeptOutcome | null {
  try {
    const { trials, interrupted } = JSON.parse(
      readFileSync(join(folder, OUTCOME_FILE), "utf8"),
    ) as KeptOutcome;
    const { confirmed, refuted, inconclusive } = trials;
    const numbers = [confirmed, refuted, inconclusive];
    return numbers.every(Number.isInteger) ? { trials, interrupted } : null;
  } catch {
    return null;
  }
}
