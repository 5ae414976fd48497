import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** In the lab this is a file system in memory that goes with the lab (harness/lab/init.ts). */
export const SCRATCH_ROOT = "/dev/shm";

/** Folders for the programs of a trial, made when they are asked for. */
export class Scratch {
  readonly #made: string[] = [];

  /** A new folder, which is empty. */
  make(): string {
    const folder = mkdtempSync(join(existsSync(SCRATCH_ROOT) ? SCRATCH_ROOT : tmpdir(), "lastack-"));
    this.#made.push(folder);
    return folder;
  }

  /** Takes away all that was made. */
  remove(): void {
    for (const folder of this.#made.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}
