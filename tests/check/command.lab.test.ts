import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CheckDocument } from "../../harness/check/document.ts";
import { compiled, packageRoot } from "../../harness/lab/paths.ts";
import { junitProblems } from "../../harness/report/junit-schema.fixture.ts";
import { lastack, MAIN, type Ran } from "../lab/command.ts";
import { folderFor, WHO } from "../lab/user.ts";

const folder = folderFor("own");
afterAll(() => folder.remove());

/** The words that start a reference server. */
const server = (name: string): string[] => [
  process.execPath,
  compiled(`servers/${name}.js`),
  "--port",
  "8080",
];
const ECHO = ["--raw", "hello\\n"];
/** A probe that a leaking server fails, and one that it passes. */
const TWO = ["--probe", "client-closes-first", "--probe", "kill-and-restart", "--connections", "23"];

const run = (words: string[], out: string): Ran =>
  lastack(["check", "--out", out, ...words], { cwd: folder.path });

describe("a server that never closes", () => {
  const junit = join(folder.path, "results.xml");
  let ran: Ran;
  beforeAll(() => {
    ran = run([...ECHO, ...TWO, "--junit", junit, "--", ...server("close-wait-leak/buggy")], "leak");
  });

  test("fails the probe that its bug is about, with exit code 1", () => {
    expect(ran.stdout).toMatch(/^client-closes-first {2}✗ fail {2}/m);
    expect(ran.stdout).toMatch(/^kill-and-restart {5}✓ pass {2}/m);
    expect(ran.stdout).toMatch(/ {4}observed 23 CLOSE-WAIT sockets/);
    expect(ran.stdout).toContain("explained by: lastack run close-wait-leak\n");
    expect(ran.stdout).toMatch(/2 of 2 probes decided: 1 fail, 1 pass\n$/);
    expect(ran.stderr).toMatch(/^\[\d\/4\] fail {9}client-closes-first {2}\d/m);
    expect(ran.stderr).toMatch(/^Recordings: leak\/\d{4}-/m);
    expect(ran.status).toBe(1);
  });

  test("has its failure in the JUnit file", async () => {
    const xml = readFileSync(junit, "utf8");
    expect(await junitProblems(xml)).toEqual([]);
    expect(xml).toMatch(/<testsuite [^>]*tests="2" failures="1" errors="0" skipped="0"/);
  });

  test("has its recordings in the folder of the check, with the segments", () => {
    const [check = ""] = readdirSync(join(folder.path, "leak"));
    const files = readdirSync(join(folder.path, "leak", check, "client-closes-first"));
    expect(files).toEqual(expect.arrayContaining(["server.ndjson", "server.pcapng", "server.summary.csv"]));
    expect(readdirSync(join(folder.path, "leak", check, "scout"))).toContain("answers.pcapng");
  });

  test("is checked again by the command line that the report prints", () => {
    const [, line = ""] = /^ {4}lastack (check .*)$/m.exec(ran.stdout) ?? [];
    const script = `lastack() { "${process.execPath}" "${MAIN}" "$@"; }; lastack ${line}`;
    const again = spawnSync("sh", ["-c", script], { cwd: folder.path, encoding: "utf8" });
    expect(again.stdout).toMatch(/1 of 1 probe decided: 1 fail\n$/);
    expect(again.status).toBe(1);
  });

  test("fails again in a replay, is FIXED in its twin, and then there is nothing to replay", () => {
    const same = run(["--replay"], "leak");
    expect(same.stdout).toMatch(/^client-closes-first {2}FAILED$/m);
    expect(same.stdout).not.toContain("kill-and-restart");
    expect(same.stdout).toMatch(/0 of 1 probe fixed\n$/);
    expect(same.status).toBe(1);
    const fixed = run(["--replay", "--", ...server("close-wait-leak/fixed")], "leak");
    expect(fixed.stdout).toBe("\nclient-closes-first  FIXED\n\n1 of 1 probe fixed\n");
    expect(fixed.status).toBe(0);
    const none = run(["--replay"], "leak");
    expect(none.stderr).toMatch(/No probe failed in the last check, leak\/.*: there is nothing to replay/);
    expect(none.status).toBe(2);
  });
});

test("without a check there is nothing to replay", () => {
  const { status, stderr } = run(["--replay"], "nowhere");
  expect(stderr).toMatch(/There is no check in nowhere to replay/);
  expect(status).toBe(2);
});

test.each(WHO)("the %s user gets one JSON document, with exit code 0 for a correct server", (who) => {
  const own = folderFor(who);
  const words = ["check", ...ECHO, ...TWO, "--json", "--", ...server("close-wait-leak/fixed")];
  const { status, stdout } = lastack(words, { cwd: own.path, who });
  own.remove();
  const document = JSON.parse(stdout) as CheckDocument;
  expect(document).toMatchObject({
    server: {
      command: server("close-wait-leak/fixed"),
      port: 8080,
      speaks: "bytes",
      tls: false,
      keepsOpen: true,
    },
    outcome: "pass",
    decided: 2,
    notRun: [],
    notChecked: null,
    interrupted: false,
  });
  expect(document.probes[0]).toMatchObject({
    id: "client-closes-first",
    outcome: "pass",
    mode: "close-wait-leak",
    recording: `${document.folder}/client-closes-first/server.ndjson`,
  });
  expect(Object.keys(document.probes[0] ?? {})).toEqual(
    expect.arrayContaining(["claim", "because", "observed", "claims", "seconds", "reproduce"]),
  );
  expect(status).toBe(0);
});

test("a warning fails the check with --strict only", () => {
  const own = join(packageRoot, "tests/fixtures/own/checked-server.mjs");
  const words = ["--probe", "half-close-after-request", "--", process.execPath, own, "drops"];
  const lenient = run(words, "warn");
  expect(lenient.stdout).toMatch(/1 of 1 probe decided: 1 warn\n$/);
  expect(lenient.status).toBe(0);
  const strict = run(["--strict", ...words], "warn");
  expect(strict.stdout).toBe(
    lenient.stdout.replaceAll(/\d{4}-[\w-]+Z/g, /\d{4}-[\w-]+Z/.exec(strict.stdout)?.[0] ?? ""),
  );
  expect(strict.status).toBe(1);
});

test("no probe that was decided is exit code 2", () => {
  const { status, stdout } = run(
    [...ECHO, "--probe", "persistence", "--", ...server("close-wait-leak/fixed")],
    "none",
  );
  expect(stdout).toMatch(/no probe was decided, 1 skip\n$/);
  expect(status).toBe(2);
});

describe("a JUnit file that cannot be written", () => {
  mkdirSync(join(folder.path, "folder"));
  test.each([
    ["nowhere/results.xml", /its folder does not exist \(ENOENT\)/],
    ["/dev/full", /no space is left on that disk \(ENOSPC\)/],
    ["folder", /it is a folder \(EISDIR\)/],
  ])("%s: the results are printed all the same, and the exit code is 69", (file, sentence) => {
    const one = ["--probe", "half-close-after-request", "--junit", file];
    const { status, stdout, stderr } = run(
      [...ECHO, ...one, "--", ...server("close-wait-leak/fixed")],
      "full",
    );
    expect(stdout).toMatch(/1 of 1 probe decided: 1 pass\n$/);
    expect(stderr).toMatch(sentence);
    expect(status).toBe(69);
  });
});

test("a folder for recordings that cannot be made is exit code 69", () => {
  writeFileSync(join(folder.path, "file"), "");
  const { status, stderr } = run([...ECHO, "--", ...server("close-wait-leak/fixed")], "file");
  expect(stderr).toMatch(/cannot make a folder for the run in .*file/);
  expect(status).toBe(69);
});

test("--list prints every probe, for people and for programs", () => {
  const rows = JSON.parse(lastack(["check", "--list", "--json"], {}).stdout) as Record<string, string>[];
  expect(rows.length).toBeGreaterThan(5);
  expect(Object.keys(rows[0] ?? {})).toEqual(["id", "title", "claim", "because", "mode"]);
  const { status, stdout } = lastack(["check", "--list"], {});
  expect(stdout.trimEnd().split("\n")).toHaveLength(rows.length);
  expect(status).toBe(0);
});
