import { accessSync, constants, existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LoadRun } from "../../load/load-run.ts";
import { loadLog } from "../../measure/load-log.ts";
import { makeFolders } from "../../recording/folder.ts";
import { type RecordingError, writingFailed } from "../../recording/recording-error.ts";
import { UnavailableError, UsageError } from "../../runs/errors.ts";

/**
 * Makes the folder for --out before the load begins, unless it exists. Errors: UsageError when it already has a result;
 * UnavailableError when the folder cannot be made, or takes no file.
 */
export function makeResultFolder(out: string): string {
  if (out === "") throw new UsageError("--out takes a folder.");
  if (existsSync(join(out, "load.json"))) {
    throw new UsageError(`--out ${out} already contains a load.json: choose another folder.`);
  }
  try {
    makeFolders(out);
    accessSync(out, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unavailable(writingFailed("make the folder", out, error), "Nothing was sent.");
  }
  return out;
}

/**
 * Writes the result of a load to its folder: all files, or none. Errors: UnavailableError. By then the report is printed, so the result
 * is not lost.
 */
export function writeResult(folder: string, json: string, run: LoadRun): void {
  const files: [string, string][] = [
    ["load.hlog", loadLog(run.seconds, run.surroundings.unixOffsetUs)],
    ["looks.ndjson", run.looks.map((look) => `${JSON.stringify(look)}\n`).join("")],
    ["load.json", `${json}\n`],
  ];
  try {
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
  } catch (error) {
    // A part of a result would be read as a whole one.
    for (const [name] of files) removeFile(join(folder, name));
    throw unavailable(
      writingFailed("write the result to", folder, error),
      "The report on standard output is complete.",
    );
  }
}

function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It is a folder, or it cannot be removed. The error that is reported says why nothing could be written.
  }
}

function unavailable({ message }: RecordingError, more: string): UnavailableError {
  return new UnavailableError(`lastack: ${message}. ${more}`);
}
