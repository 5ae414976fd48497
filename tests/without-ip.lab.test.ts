import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { compiled, packageRoot } from "../harness/lab/paths.ts";
import { asUser, folderFor, WHO } from "./lab/user.ts";

// lastack does not need iproute2. Here the first `ip` on the PATH is a program that leaves a mark and fails.

const who = WHO.at(-1) ?? "own";
const folder = folderFor(who);
const mark = join(folder.path, "ip-was-called");
const bin = join(folder.path, "bin");
const env = { ...process.env, PATH: `${bin}:${process.env["PATH"] ?? ""}` };

mkdirSync(bin);
writeFileSync(join(bin, "ip"), `#!/bin/sh\necho "$@" >> ${mark}\nexit 1\n`);
chmodSync(join(bin, "ip"), 0o755);
beforeEach(() => rmSync(mark, { force: true }));
afterAll(() => folder.remove());

function run(...command: string[]): { status: number | null; said: string } {
  const [executable, ...args] = asUser(who, command);
  const ran = spawnSync(executable, args, { cwd: folder.path, env, encoding: "utf8" });
  return { status: ran.status, said: `${ran.stdout}${ran.stderr}` };
}

const lastack = (...args: string[]): ReturnType<typeof run> =>
  run(process.execPath, compiled("harness/cli/main.js"), ...args);

test("calling ip(8) leaves the mark", () => {
  run("ip", "link");
  expect(existsSync(mark)).toBe(true);
});

test.each([
  ["wires and a host that is rebooted", "half-open-idle"],
  ["a direct link, and a host that is cut off", join(packageRoot, "compose", "half-open-idle.ts")],
])("trials with %s are confirmed without calling ip(8)", (_, experiment) => {
  const { status, said } = lastack("run", experiment, "--variant", "buggy", "--out", "runs");
  expect(said).toMatch(/1 variant: 1 confirmed/);
  expect(status).toBe(0);
  expect(existsSync(mark)).toBe(false);
});

test("preflight does not ask for it", () => {
  const { status, said } = lastack("preflight");
  expect(said).toMatch(/^yes\s+veth\s/m);
  expect(said).not.toMatch(/iproute2/);
  expect(status).toBe(0);
  expect(existsSync(mark)).toBe(false);
});
