import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { packageRoot } from "../../harness/lab/paths.ts";
import { ACCOUNTS, type Account } from "./account.ts";
import { codeOf, startConfined } from "./confined.ts";
import { npmAccess, npmConfig, npmFolder } from "./npm.ts";
import { bareScript } from "./script.ts";

/** A line that a user types, and its time limit. */
export interface BareLine {
  words: string;
  withinMs: number;
}

/** The result of one line. */
export interface Tried {
  account: Account;
  words: string;
  /** null when the line was not tried. */
  seconds: number | null;
  /** What went wrong; null when the line passed. */
  because: string | null;
}

const FILLED_WITHIN_MS = 120_000;

/**
 * Runs lines one after another, as one user, in a fresh root that is removed afterwards, and prints their output. The root has the
 * archive's files, this machine's Node.js and npm, and the project as it would be cloned.
 */
export async function tryLines(
  account: Account,
  lines: readonly BareLine[],
  where: { archive: string; mark: Record<string, string>; signal: AbortSignal },
): Promise<Tried[]> {
  const npm = npmFolder(process.env);
  const access = npmAccess(process.env, npmConfig(npm));
  const names: [string, string][] = ["/etc/resolv.conf", "/etc/hosts"].map((path) => [path, path]);
  const { archive, mark, signal } = where;
  const filling = { archive, npm, node: process.execPath, project: packageRoot };
  const script = bareScript(
    { ...filling, files: [...access.files, ...names] },
    account,
    lines.map(({ words }) => words),
  );
  const folder = mkdtempSync(join(tmpdir(), `lastack-bare-${process.pid}-`));
  const { NO_COLOR, TERM } = process.env;
  const env = { ...access.env, ...mark, PATH: ACCOUNTS.root.path, NO_COLOR, TERM };
  const bound = new AbortController();
  const child = startConfined(script, {
    args: [folder],
    env,
    stdio: ["ignore", "inherit", "inherit", "pipe"],
    signal: AbortSignal.any([signal, bound.signal]),
  });
  const codes = createInterface(child.stdio[3] as Readable);
  const tried = await hear(codes, account, lines, bound);
  await codeOf(child);
  rmdirSync(folder);
  return tried;
}

/** Reads how each line ended, one after another, and aborts when a line takes too long. */
async function hear(
  codes: AsyncIterable<string>,
  account: Account,
  lines: readonly BareLine[],
  bound: AbortController,
): Promise<Tried[]> {
  const heard = codes[Symbol.asyncIterator]();
  let isLate = false;
  const next = async (withinMs: number): Promise<{ said: string | undefined; seconds: number }> => {
    const beganMs = performance.now();
    const late = setTimeout(() => {
      isLate = true;
      bound.abort();
    }, withinMs);
    const result = await heard.next();
    clearTimeout(late);
    const seconds = Math.round((performance.now() - beganMs) / 100) / 10;
    return { said: result.done === true ? undefined : result.value, seconds };
  };
  const { said: filled, seconds: took } = await next(FILLED_WITHIN_MS);
  if (filled === undefined)
    return lines.map(({ words }) => ({
      account,
      words,
      seconds: null,
      because: "the root could not be filled",
    }));
  console.log(`== the root is filled (${took} s); in it, as ${account.who}:`);
  const tried: Tried[] = [];
  for (const { words, withinMs } of lines) {
    const isOver = tried.some(({ because }) => because !== null);
    if (isOver) {
      tried.push({ account, words, seconds: null, because: "not tried, after the one before" });
      continue;
    }
    console.log(`== ${words}`);
    const { said, seconds } = await next(withinMs);
    const late = `did not end within ${withinMs / 1000} s`;
    const because =
      said === "0" ? null : said === undefined ? (isLate ? late : "interrupted") : `exit code ${said}`;
    tried.push({ account, words, seconds, because });
  }
  return tried;
}
