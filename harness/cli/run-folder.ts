import { dirname, resolve } from "node:path";
import { makeRunFolder } from "../recording/place.ts";
import { RecordingError } from "../recording/recording-error.ts";
import { countText } from "../report/past-runs.ts";
import { UnavailableError, UsageError } from "../runs/errors.ts";
import { pastRuns } from "../runs/past-runs.ts";
import { shortPath, type Terminal } from "./terminal.ts";

const DEFAULT_OUT = "results/runs";

/** From this size of all runs, a run prints how to delete old ones. */
const MUCH_BYTES = 1e9;
/** The runs that the printed command keeps are not larger than this, except the last one. */
const KEPT_BYTES = 5e8;

/** The folder for recordings, as an absolute path. Throws UsageError for an empty name. */
export function outFolder(out = DEFAULT_OUT): string {
  if (out === "") throw new UsageError("--out takes a folder.");
  return resolve(out);
}

/** Makes a new folder for one run, below `out`, and returns its path. Throws an UnavailableError when that fails. */
export function makeFolder(out: string): string {
  try {
    return makeRunFolder(out);
  } catch (error) {
    if (error instanceof RecordingError) throw new UnavailableError(`lastack: ${error.message}`);
    throw error;
  }
}

/** Prints where a run's recordings are, and how to delete old runs when all of them together are large. */
export function printFolder(folder: string, terminal: Terminal): void {
  terminal.err(`Recordings: ${shortPath(folder)}`);
  const much = muchKept(dirname(folder));
  if (much !== null) terminal.err(much);
}

/** One line that says how large the runs in a folder are, and how to delete the old ones; null below MUCH_BYTES. */
function muchKept(out: string): string | null {
  const runs = runsIn(out);
  const bytes = runs.reduce((sum, run) => sum + run.bytes, 0);
  if (bytes < MUCH_BYTES) return null;
  const sizes = runs.map((run) => run.bytes).toReversed();
  const fitting = sizes.filter((_, nth) => sum(sizes.slice(0, nth + 1)) <= KEPT_BYTES).length;
  const keep = Math.max(1, fitting);
  const where = out === resolve(DEFAULT_OUT) ? "" : ` --out ${shortPath(out)}`;
  return `${shortPath(out)} holds ${countText(runs)}. To keep only the last ${keep}: lastack runs${where} --prune ${keep}`;
}

function runsIn(out: string): ReturnType<typeof pastRuns> {
  try {
    return pastRuns(out);
  } catch {
    // The run itself was recorded and reported: what else is in the folder is of no importance now.
    return [];
  }
}

const sum = (numbers: number[]): number => numbers.reduce((total, one) => total + one, 0);
