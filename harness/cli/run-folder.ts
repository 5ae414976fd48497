import { resolve } from "node:path";
import { makeRunFolder } from "../recording/place.ts";
import { RecordingError } from "../recording/recording-error.ts";
import { UnavailableError, UsageError } from "../runs/errors.ts";

/** The folder for recordings, as an absolute path. Throws UsageError for an empty name. */
export function outFolder(out = "results/runs"): string {
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
