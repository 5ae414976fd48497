import { accessSync, constants, lstatSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LoadRun } from "../../load/load-run.ts";
import { loadLog } from "../../measure/load-log.ts";
import { makeFolders } from "../../recording/folder.ts";
import { type RecordingError, writingFailed } from "../../recording/recording-error.ts";
import { UnavailableError, UsageError } from "../../runs/errors.ts";

const NAMES = ["load.hlog", "looks.ndjson", "load.json"] as const;

/**
 * Makes the folder for --out before the load begins, unless it exists. Errors: UsageError when it already has one of the result's files;
 * UnavailableError when the folder cannot be made, or takes no file.
 */
export function makeResultFolder(out: string): string {
  if (out === "") throw new UsageError("--out takes a folder.");
  const taken = NAMES.toReversed().find((name) => isThere(join(out, name)));
  if (taken !== undefined) {
    throw new UsageError(`--out ${out} already contains a ${taken}: choose another folder.`);
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
  const texts = {
    "load.hlog": loadLog(run.seconds, run.surroundings.unixOffsetUs),
    "looks.ndjson": run.looks.map((look) => `${JSON.stringify(look)}\n`).join(""),
    "load.json": `${json}\n`,
  };
  const made: string[] = [];
  try {
    for (const name of NAMES) {
      const path = join(folder, name);
      // Nothing that appeared meanwhile is overwritten, and no link is followed.
      writeFileSync(path, "", { flag: "wx" });
      made.push(path);
      writeFileSync(path, texts[name]);
    }
  } catch (error) {
    // A part of a result would be read as a whole one.
    for (const path of made) removeFile(path);
    throw unavailable(
      writingFailed("write the result to", folder, error),
      "The report on standard output is complete.",
    );
  }
}

/** Whether something has this name, a link that leads nowhere too. */
function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    // Also when the folder itself cannot be read: then it takes no file, which is reported next.
    return false;
  }
}

function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It cannot be removed. The error that is reported says why nothing could be written.
  }
}

function unavailable({ message }: RecordingError, more: string): UnavailableError {
  return new UnavailableError(`lastack: ${message}. ${more}`);
}
