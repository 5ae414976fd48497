import { readFileSync, statSync } from "node:fs";
import { bodyRefusal } from "../../harness/load/method.ts";
import type { Method } from "../../harness/load/method.ts";

/** The bytes of the file of --body; null without one. Throws an Error with one sentence for the user. */
export function readBody(path: string | undefined, method: Method): Buffer | null {
  if (path === undefined) return null;
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new Error(`--body: there is no file ${path}`);
  // A device or a pipe can have no end, and each thread reads the file again.
  if (!found.isFile()) throw new Error(`--body takes a regular file, and ${path} is none`);
  const wrong = bodyRefusal(method, found.size);
  if (wrong !== null) throw new Error(wrong);
  return readFileSync(path);
}
