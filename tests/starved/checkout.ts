import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** A built checkout of lastack. */
export interface Checkout {
  folder: string;
  /** The commit, followed by `+dirty` if the tree has changes; `no commit` if git knows none. */
  commit: string;
}

/** The checkout in a folder. Throws when it is not built. */
export function checkoutIn(path: string): Checkout {
  const folder = resolve(path);
  if (!existsSync(mainOf(folder)))
    throw new Error(`${folder} is not a built checkout: run "npm ci" in it, which builds it`);
  const commit = git(folder, ["rev-parse", "HEAD"]);
  if (commit === null) return { folder, commit: "no commit" };
  return { folder, commit: git(folder, ["status", "--porcelain"]) === "" ? commit : `${commit}+dirty` };
}

/** The command that runs lastack of a checkout. */
export function lastackOf({ folder }: Checkout): string[] {
  return [process.execPath, mainOf(folder)];
}

function mainOf(folder: string): string {
  return join(folder, "dist", "harness", "cli", "main.js");
}

function git(folder: string, args: string[]): string | null {
  const { status, stdout } = spawnSync("git", ["-C", folder, ...args], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : null;
}
