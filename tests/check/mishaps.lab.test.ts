import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { CheckDocument } from "../../harness/check/document.ts";
import { packageRoot } from "../../harness/lab/paths.ts";
import { lastack, talk } from "../lab/command.ts";
import { MARK, marked } from "../lab/remains.ts";
import { folderFor, type Who, WHO } from "../lab/user.ts";
import { until } from "../lab/wait.ts";

// What can be wrong with a user's server or with how it is started: each has a sentence with the server's last lines, and nothing is left.

const mark = `mishaps-${process.pid}`;
const folders = new Map(WHO.map((who) => [who, folderFor(who)]));
afterAll(() => {
  for (const folder of folders.values()) folder.remove();
});

const fixture = (name: string): string => join(packageRoot, "tests/fixtures/check", `${name}.mjs`);

interface Checked {
  status: number | null;
  document: CheckDocument;
  stderr: string;
  folder: string;
}

/** Checks a fixture with one short probe. */
function check(name: string, options: string[] = [], who: Who = "own"): Checked {
  const cwd = folders.get(who)?.path ?? "";
  const words = ["check", "--probe", "half-close-after-request", "--json", ...options];
  const { status, stdout, stderr } = lastack([...words, "--", process.execPath, fixture(name)], {
    cwd,
    who,
    env: { ...process.env, [MARK]: mark },
  });
  const document = JSON.parse(stdout) as CheckDocument;
  return { status, document, stderr, folder: join(cwd, document.folder) };
}

describe("a server that cannot be checked has a sentence, and the exit code is 2", () => {
  test.each<[name: string, options: string[], sentence: RegExp]>([
    [
      "ends-at-once",
      [],
      /^The server ended by itself, with exit code 3; it printed: .*the key tls\.cert is missing/,
    ],
    [
      "never-listens",
      ["--ready-within", "1"],
      /^The server did not listen on a TCP port within 1000 ms; it printed: waiting for the leader/,
    ],
    [
      "answers",
      ["--port", "9000", "--ready-within", "1"],
      /did not listen on port 9000 within 1000 ms, but host server listens on \[::\]:8080/,
    ],
    ["answers", ["--ready", "here I am", "--ready-within", "1"], /did not print "here I am" within 1000 ms/],
    ["two-ports", [], /^It listens on (?:8080 and 9090|9090 and 8080): say with --port/],
    [
      "loopback-only",
      [],
      /^It listens on 127\.0\.0\.1, port 8080, and the client is on another host of the lab: let it listen on all/,
    ],
    ["forks-away", [], /left a process behind: host server listens on \[::\]:8080.*in the foreground/],
    ["needs-a-file", [], /ENOENT: no such file or directory, open '\/nowhere\/settings\.json'/],
    ["needs-a-database", [], /connect ECONNREFUSED 127\.0\.0\.1:5432.*The lab has a network of its own/],
    [
      "never-answers",
      ["--answer-within", "0.5"],
      /^It listens on port 8080, and did not answer "GET \/ HTTP\/1\.1": timeout.*--raw TEXT/,
    ],
    ["answers", ["--raw", "no HTTP\\r\\n\\r\\n", "--tls", "--answer-within", "1"], /did not answer/],
  ])("%s %j", (name, options, sentence) => {
    const { status, document, stderr } = check(name, options);
    expect(document.notChecked).toMatch(sentence);
    expect(stderr.replaceAll("\n", " ")).toContain("lastack: ");
    expect(document).toMatchObject({ probes: [], decided: 0, notRun: ["half-close-after-request"] });
    expect(status).toBe(2);
  });
});

test.runIf(WHO.includes("ordinary"))(
  "a server that changes its user cannot do so in an ordinary user's lab",
  () => {
    const { status, document } = check("changes-user", [], "ordinary");
    expect(document.notChecked).toMatch(/set(?:groups|gid|uid).*let it keep its user/s);
    expect(status).toBe(2);
  },
);

describe("a server that does something odd is checked all the same", () => {
  test("with two ports, on the port that is given", () => {
    const { status, document } = check("two-ports", ["--port", "9090"]);
    expect(document).toMatchObject({ server: { port: 9090 }, outcome: "pass" });
    expect(status).toBe(0);
  });

  test("one that SIGTERM does not end", () => {
    const { status, document } = check("ignores-sigterm");
    expect(document.outcome).toBe("pass");
    expect(status).toBe(0);
  });

  test("one that prints megabytes: the first of them are kept, in a file", () => {
    const { status, document, folder } = check("prints-megabytes");
    expect(document.outcome).toBe("pass");
    expect(status).toBe(0);
    expect(statSync(join(folder, "scout", "listens.server.stdout")).size).toBe(1 << 20);
  });
});

test("Ctrl+C keeps and reports what was measured, and exits with 130", async () => {
  const cwd = folders.get("own")?.path ?? "";
  const words = ["check", "--json", "--jobs", "1", "--", process.execPath, fixture("answers")];
  const running = talk(words, cwd, { ...process.env, [MARK]: mark });
  expect(await until(running.err, (printed) => /^\[4\//m.test(printed), 120_000)).toMatch(/^\[4\//m);
  running.child.kill("SIGINT");
  expect(await running.ended).toBe(130);
  const document = JSON.parse(running.out()) as CheckDocument;
  expect(document.interrupted).toBe(true);
  expect(document.probes.length).toBeGreaterThan(0);
  expect(document.notRun.length).toBeGreaterThan(0);
  const path = document.probes.find(({ recording }) => recording !== null)?.recording ?? "";
  expect(readFileSync(join(cwd, path), "utf8").split("\n").length).toBeGreaterThan(10);
});

test("nothing is left running of all these servers", async () => {
  expect(
    await until(
      () => marked(mark),
      (left) => left.length === 0,
      10_000,
    ),
  ).toEqual([]);
});
