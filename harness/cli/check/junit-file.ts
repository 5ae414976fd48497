import { lstatSync, rmSync, writeFileSync } from "node:fs";
import { UnavailableError } from "../../runs/errors.ts";

/**
 * Writes a JUnit file over an older one. A file that was not written to its end would be read as a result: it is removed. Throws an
 * UnavailableError with a sentence when it cannot be written.
 */
export function writeJunit(file: string, xml: string): void {
  try {
    writeFileSync(file, xml);
  } catch (error) {
    removePart(file);
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UnavailableError(
      `lastack: the JUnit file ${file} was not written: ${WHY[code ?? ""] ?? message}.`,
    );
  }
}

/** errno(3) and open(2). */
const WHY: Record<string, string> = {
  ENOENT: "its folder does not exist (ENOENT)",
  ENOTDIR: "a part of the path is a file and not a folder (ENOTDIR)",
  EISDIR: "it is a folder (EISDIR)",
  EACCES: "this user has no permission to write there (EACCES)",
  EROFS: "that file system is read-only (EROFS)",
  ENOSPC: "no space is left on that disk (ENOSPC)",
  EDQUOT: "the user's disk quota is used up (EDQUOT)",
};

/** A device, such as /dev/full, stays. */
function removePart(file: string): void {
  try {
    if (lstatSync(file).isFile()) rmSync(file);
  } catch {
    // It was never made, or may not be removed.
  }
}
