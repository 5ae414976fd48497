import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** The last line of a recording is much shorter than this. */
const TAIL_BYTES = 4096;

/** How long the trial of a recording took, in microseconds. Reads only the last line; null where it cannot be read. */
export function lengthUs(path: string): number | null {
  try {
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
      readSync(file, tail, 0, tail.length, size - tail.length);
      const line = tail.toString("utf8").trimEnd().split("\n").at(-1) ?? "";
      const { atUs } = JSON.parse(line) as { atUs?: unknown };
      return typeof atUs === "number" ? atUs : null;
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}
