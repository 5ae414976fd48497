import { resolve } from "node:path";
import { makeRunFolder } from "../recording/place.ts";
import { RecordingError } from "../recording/recording-error.ts";
import { UnavailableError, UsageError } from "../runs/errors.ts";

/** Where recordings go, as an absolute path. Throws UsageError for an empty name. */
export function outFolder(out = "results/runs"): string {
  if (out === "") throw new UsageError("--out takes a folder.");
  return resolve(out);
}

/** Makes a folder of its own for a run and gives its path. Throws an UnavailableError when it cannot be made. */
export function makeFolder(out: string): string {
  try {
    return makeRunFolder(out);
  } catch (error) {
    if (error instanceof RecordingError) throw new UnavailableError(`lastack: ${error.message}`);
    throw error;
  }
}
