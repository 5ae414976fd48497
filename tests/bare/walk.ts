import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { inhabitants, MARK, mounts } from "../lab/remains.ts";
import { until } from "../lab/wait.ts";
import { installPackages, isThere } from "../../scripts/debian/packages.ts";
import type { Account } from "./account.ts";
import { minimalRoot } from "./minimal-root.ts";
import { type BareLine, type Tried, tryLines } from "./try.ts";

const GONE_WITHIN_MS = 5000;

/** sysexits.h: the machine lacks something. */
const UNAVAILABLE = 69;

/** A user, and the lines that this user types. */
export interface Visit {
  account: Account;
  lines: readonly BareLine[];
}

/**
 * Makes visits to a bare machine, each in a root of its own. Prints the result of every line, and returns the exit code: 0 when every line
 * passed and nothing was left behind. Ctrl+C and SIGTERM end it cleanly.
 */
export async function walk(visits: readonly Visit[]): Promise<number> {
  if (process.getuid?.() !== 0) {
    console.log("This needs mounts and processes of other users: run it as root (sudo).");
    return UNAVAILABLE;
  }
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  process.on("SIGINT", abort).on("SIGTERM", abort);
  const mark = `lastack-bare-${process.pid}`;
  const before = mounts();
  try {
    if (!isThere("debootstrap")) installPackages(["debootstrap"]);
    const archive = await minimalRoot(stop.signal);
    const tried: Tried[] = [];
    for (const { account, lines } of visits)
      tried.push(
        ...(await tryLines(account, lines, { archive, mark: { [MARK]: mark }, signal: stop.signal })),
      );
    const left = await leftBehind(mark, before);
    for (const line of summary(tried, left)) console.log(line);
    const isGood = tried.length > 0 && tried.every(({ because }) => because === null) && left.length === 0;
    return stop.signal.aborted ? 130 : isGood ? 0 : 1;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    console.log(stop.signal.aborted ? "interrupted" : message);
    return stop.signal.aborted ? 130 : 1;
  } finally {
    process.off("SIGINT", abort).off("SIGTERM", abort);
  }
}

/** One line for each tried line, and one for what is left behind. */
export function summary(tried: readonly Tried[], left: readonly string[]): string[] {
  return [
    "== on a bare machine",
    ...tried.map(({ account, words, seconds, because }) => {
      const took = seconds === null ? "" : ` (${seconds} s)`;
      return `${because === null ? "ok    " : "FAILED"} ${words}, as ${account.who}${took}${because === null ? "" : `: ${because}`}`;
    }),
    left.length === 0 ? "ok     nothing is left behind" : `FAILED left behind: ${left.join(", ")}`,
  ];
}

async function leftBehind(mark: string, mountsBefore: string): Promise<string[]> {
  const beings = await until(
    () => inhabitants(mark),
    (seen) => seen.length === 0,
    GONE_WITHIN_MS,
  );
  const own = readdirSync(tmpdir()).filter((name) => name.startsWith(`lastack-bare-${process.pid}-`));
  return [
    ...beings.map(({ pid }) => `the process ${pid}`),
    ...own.map((name) => `the folder ${name}`),
    ...(mounts() === mountsBefore ? [] : ["a changed mount table"]),
  ];
}
