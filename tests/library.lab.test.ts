import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { packageRoot } from "../harness/lab/paths.ts";
import { folderFor } from "./lab/user.ts";

/** A limit that only catches a hang: three trials and the starts of three processes take a few seconds on a quiet machine. */
const WITHIN_MS = 600_000;

const folder = folderFor("own");
afterAll(() => folder.remove());

mkdirSync(join(folder.path, "node_modules"));
symlinkSync(packageRoot, join(folder.path, "node_modules", "lastack"));

/** Runs a suite of node:test, and returns how it ended. */
function suite(file: string, others: string[]): { printed: string; status: number | null } {
  for (const one of [file, ...others])
    copyFileSync(join(packageRoot, "tests/fixtures/own", one), join(folder.path, one));
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--test", file], {
    cwd: folder.path,
    encoding: "utf8",
    timeout: WITHIN_MS,
  });
  return { printed: stdout + stderr, status };
}

// lastack is installed like a package: node:test finds it in node_modules, with the exports of its package.json.
test("a user's test suite runs experiments, and asserts on their verdicts", { timeout: WITHIN_MS }, () => {
  const { printed, status } = suite("suite.mjs", ["mine.ts", "my-server.ts"]);
  expect(printed).toMatch(/pass 3\n/);
  expect(status).toBe(0);
});

test("a user's test suite checks a server, and asserts on the grades", { timeout: WITHIN_MS }, () => {
  const { printed, status } = suite("check-suite.mjs", ["checked-server.mjs"]);
  expect(printed).toMatch(/pass 4\n/);
  expect(status).toBe(0);
});
