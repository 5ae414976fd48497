import { appendFileSync, rmSync } from "node:fs";
import { basename } from "node:path";
import type { ProgramName } from "../model/names.ts";
import { standardErrorPath } from "../recording/place.ts";

/** The most that is kept for one program, in bytes. A program that logs every request must not fill the disk. */
const MOST_BYTES = 1 << 20;

/** What the programs of a trial print on standard error, in a file for each, beside the recording. A program that prints nothing has none. */
export class StandardErrors {
  readonly #recording: string;
  readonly #bytes = new Map<ProgramName, number>();

  /** `recording` is the path of the trial's recording. Files of an earlier trial with that path are removed. */
  constructor(recording: string, programs: readonly ProgramName[]) {
    this.#recording = recording;
    for (const name of programs) rmSync(standardErrorPath(recording, name), { force: true });
  }

  /** Adds what a program printed. Where the disk is full, the recording itself fails and says so. */
  append(name: ProgramName, text: string): void {
    const before = this.#bytes.get(name) ?? 0;
    if (before >= MOST_BYTES) return;
    const kept = text.slice(0, MOST_BYTES - before);
    this.#bytes.set(name, before + Buffer.byteLength(kept));
    try {
      appendFileSync(standardErrorPath(this.#recording, name), kept);
    } catch {
      // The verdict does not depend on it.
    }
  }

  /** The name of a program's file, in the recording's folder; undefined when it has printed nothing. */
  fileOf(name: ProgramName): string | undefined {
    return this.#bytes.has(name) ? basename(standardErrorPath(this.#recording, name)) : undefined;
  }
}
