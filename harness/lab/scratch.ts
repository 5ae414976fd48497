import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** In the lab this is a file system in memory. It disappears with the lab (harness/lab/init.ts). */
export const SCRATCH_ROOT = "/dev/shm";

/** Temporary folders for the programs of a trial, each made on request. */
export class Scratch {
  readonly #made: string[] = [];

  /** Makes a new, empty folder. */
  make(): string {
    const folder = mkdtempSync(join(existsSync(SCRATCH_ROOT) ? SCRATCH_ROOT : tmpdir(), "lastack-"));
    this.#made.push(folder);
    return folder;
  }

  /** Deletes all folders that were made. */
  remove(): void {
    for (const folder of this.#made.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}
