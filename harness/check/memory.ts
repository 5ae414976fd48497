import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { startOf } from "../recording/place.ts";
import { readingFailed } from "../recording/recording-error.ts";
import { strict } from "../recording/strict.ts";
import { targetSchema } from "./arguments.ts";
import { type CheckDocument, isFailure } from "./document.ts";
import type { CheckTarget } from "./target.ts";

/** The file in the folder of a check with what it was, and which probes failed. */
const MEMORY_FILE = "check.json";

const schema = strict({ target: targetSchema, failed: z.array(z.string()) });

/** What is remembered of a check. */
export interface Remembered {
  target: CheckTarget;
  /** The ids of the probes that failed. */
  failed: string[];
  /** The folder of the check. */
  folder: string;
}

/**
 * Keeps in the folder of a check which probes failed. A check of a server that could not be checked is not kept, and neither is one that was
 * interrupted before a probe failed: the one before it still counts. On a full disk nothing is kept: the results matter more.
 */
export function remember(target: CheckTarget, document: CheckDocument, strict: boolean): void {
  const failed = document.probes.filter(({ outcome }) => isFailure(outcome, strict)).map(({ id }) => id);
  if (document.notChecked !== null || (document.interrupted && failed.length === 0)) return;
  try {
    writeFileSync(join(document.folder, MEMORY_FILE), `${JSON.stringify({ target, failed })}\n`);
  } catch {
    // --replay then runs what failed in the check before this one.
  }
}

/** The last check that was kept in a folder such as `results/checks`; null when there is none. Throws a RecordingError for a folder that cannot be read. */
export function lastCheck(out: string): Remembered | null {
  for (const name of checksIn(out).toReversed()) {
    const kept = readKept(join(out, name, MEMORY_FILE));
    if (kept !== null) return { ...kept, folder: join(out, name) };
  }
  return null;
}

/** The names of the folders of checks, the oldest first. */
function checksIn(out: string): string[] {
  if (!existsSync(out)) return [];
  try {
    return readdirSync(out)
      .filter((name) => startOf(name) !== null)
      .toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }));
  } catch (error) {
    throw readingFailed("read the folder", out, error);
  }
}

/** null when the file is missing, damaged, or was cut off while it was written. */
function readKept(path: string): Omit<Remembered, "folder"> | null {
  try {
    const kept = schema.safeParse(JSON.parse(readFileSync(path, "utf8")));
    return kept.success ? (kept.data as Omit<Remembered, "folder">) : null;
  } catch {
    return null;
  }
}
