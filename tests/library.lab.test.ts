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

// lastack is installed like a package: node:test finds it in node_modules, with the exports of its package.json.
test("a user's test suite runs experiments, and asserts on their verdicts", { timeout: WITHIN_MS }, () => {
  for (const file of ["mine.ts", "my-server.ts", "suite.mjs"])
    copyFileSync(join(packageRoot, "tests/fixtures/own", file), join(folder.path, file));
  mkdirSync(join(folder.path, "node_modules"));
  symlinkSync(packageRoot, join(folder.path, "node_modules", "lastack"));
  const ran = spawnSync(process.execPath, ["--test", "suite.mjs"], {
    cwd: folder.path,
    encoding: "utf8",
    timeout: WITHIN_MS,
  });
  expect(ran.stdout + ran.stderr).toMatch(/pass 3\n/);
  expect(ran.status).toBe(0);
});
