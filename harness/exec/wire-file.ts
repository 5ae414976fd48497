import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { WireWords } from "../model/exec.ts";
import { complaints } from "../recording/complaint.ts";
import { rulesUnsound } from "../recording/wire-references.ts";
import { wireFileSchema } from "../recording/wire-schema.ts";
import { UsageError } from "../runs/errors.ts";

/** A file of rules is written by hand. */
const MOST_BYTES = 1 << 20;
/** The hosts of a run, in the order of `delayMs`. */
const BETWEEN: [string, string] = ["client", "server"];
const DESCRIBED = "docs/wire.md describes the keys and the rules.";

/**
 * What the wire does according to a JSON file: an object with some of the keys `delayMs`, `bitsPerSecond`, `loss`, `seed` and `rules` of a
 * wire in a setup (docs/wire.md). Throws a UsageError with what is wrong, and where in the file.
 */
export function wireFile(path: string): WireWords {
  return wireText(textOf(path), path);
}

/** The same for the text of a file. Pure. */
export function wireText(text: string, path: string): WireWords {
  const parsed = wireFileSchema.safeParse(jsonOf(text, path), { reportInput: true });
  if (!parsed.success) throw refused(path, complaints(parsed.error));
  const { delayMs, ...rest } = parsed.data;
  if (Object.keys(parsed.data).length === 0) throw refused(path, ["it is empty, so the wire does nothing"]);
  const unsound = rulesUnsound({ between: BETWEEN, rules: rest.rules ?? [] }, "rules", []);
  if (unsound.length > 0) throw refused(path, unsound);
  if (delayMs === undefined) return rest;
  return { ...rest, delayMs: typeof delayMs === "number" ? [delayMs, delayMs] : delayMs };
}

function textOf(path: string): string {
  if (path === "") throw new UsageError("--wire @FILE: the name of a file comes after @.");
  try {
    const there = statSync(resolve(path));
    if (!there.isFile()) throw refused(path, ["it is no regular file"]);
    if (there.size > MOST_BYTES) throw refused(path, [`it has more than ${MOST_BYTES} bytes`]);
    return readFileSync(resolve(path), "utf8");
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : `it cannot be read (${code ?? String(error)})`;
    throw new UsageError(`--wire @${path}: ${why}. A path is relative to ${process.cwd()}.`);
  }
}

function jsonOf(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const { message } = error as SyntaxError;
    throw refused(path, [`it is not JSON: ${message}${placeOf(message, text)}`]);
  }
}

/** The line of a position that JSON.parse names; an empty text where it names none. */
function placeOf(message: string, text: string): string {
  const [, position] = /at position (\d+)$/.exec(message) ?? [];
  if (position === undefined) return "";
  const before = text.slice(0, Number(position)).split("\n");
  return ` (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`;
}

function refused(path: string, problems: readonly string[]): UsageError {
  return new UsageError(`--wire @${path}:\n${problems.map((one) => `  ${one}`).join("\n")}\n${DESCRIBED}`);
}
