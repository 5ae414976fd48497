import { appendFileSync, rmSync } from "node:fs";
import { basename } from "node:path";
import type { ProgramName } from "../model/names.ts";
import { printedPath, type PrintedOn } from "../recording/place.ts";

/** The most that is kept of one stream of a program, in bytes. A program that logs every request must not fill the disk. */
const MOST_BYTES = 1 << 20;

/** What the programs of a trial print, in a file for each stream, beside the recording. A program that prints nothing has none. */
export class PrintedFiles {
  readonly #recording: string;
  /** By path. */
  readonly #bytes = new Map<string, number>();

  /** `recording` is the path of the trial's recording. Files of an earlier trial with that path are removed. */
  constructor(recording: string, programs: readonly ProgramName[]) {
    this.#recording = recording;
    for (const name of programs)
      for (const on of ["stdout", "stderr"] as const)
        rmSync(printedPath(recording, name, on), { force: true });
  }

  /** Adds what a program printed. Where the disk is full, the recording itself fails and says so. */
  append(name: ProgramName, on: PrintedOn, text: string): void {
    const path = printedPath(this.#recording, name, on);
    const before = this.#bytes.get(path) ?? 0;
    if (before >= MOST_BYTES) return;
    const kept = text.slice(0, MOST_BYTES - before);
    this.#bytes.set(path, before + Buffer.byteLength(kept));
    try {
      appendFileSync(path, kept);
    } catch {
      // The verdict does not depend on it.
    }
  }

  /** The name of the file with a program's standard error, in the recording's folder; undefined when it has printed nothing there. */
  standardErrorOf(name: ProgramName): string | undefined {
    const path = printedPath(this.#recording, name, "stderr");
    return this.#bytes.has(path) ? basename(path) : undefined;
  }
}
