import { chmodSync, chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compiled } from "../../harness/lab/paths.ts";
import { closedTo } from "../programs/reach.ts";

/** The user and group that nobody's files belong to. */
const NOBODY = 65_534;

/** The user who runs something: this test's own user, or an ordinary user (the same, if an ordinary user runs the test). */
export type Who = "own" | "ordinary";

/**
 * The users that can be tested here. Without root it is only the ordinary user. With root it is only root, if nobody else may enter the
 * folder of the project or of Node.js. The end of the run says so.
 */
export const WHO: Who[] =
  process.geteuid?.() === 0 && closedTo([compiled("harness"), process.execPath]) === null
    ? ["own", "ordinary"]
    : ["own"];

/** A command as a user runs it: setpriv(1) drops root for the ordinary user. */
export function asUser(who: Who, command: string[]): [executable: string, ...args: string[]] {
  const drop = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "--"];
  const [executable = "false", ...args] = who === "ordinary" ? [...drop, ...command] : command;
  return [executable, ...args];
}

/** A folder that belongs to that user. The caller removes it with `remove`. */
export function folderFor(who: Who): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "lastack-test-"));
  chmodSync(path, 0o755);
  if (who === "ordinary") chownSync(path, NOBODY, NOBODY);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
