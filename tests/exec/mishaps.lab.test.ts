import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../harness/lab/paths.ts";
import { lastack, talk } from "../lab/command.ts";
import { MARK, marked } from "../lab/remains.ts";
import { folderFor } from "../lab/user.ts";
import { until } from "../lab/wait.ts";

// What can be wrong with a user's client, with his server, and with how they are started.

const mark = `exec-${process.pid}`;
const env = { ...process.env, [MARK]: mark };
const folder = folderFor("own");
afterAll(() => folder.remove());

const { execPath: node } = process;
const fixture = (name: string): string => `tests/fixtures/${name}.mjs`;
const exec = (...words: string[]) =>
  lastack(["exec", "--out", folder.path, ...words], { cwd: packageRoot, env });
const against = (name: string, ...words: string[]) => exec("--server", `for-clients/${name}`, ...words);
const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ");
const shell = (script: string): string[] => ["--", "sh", "-c", script];

interface Document {
  outcome: string;
  because: string[];
  exitCode: number | null;
  signal: string | null;
  endedBy: string;
  client: { connections: { begun: number }; left: object; leftRunning: number; unanswered: number };
  recording: string;
}
const documentOf = (stdout: string): Document => JSON.parse(stdout) as Document;

test("what the command prints goes to the terminal, before the report; without a connection nothing is told", () => {
  const script = "console.log('to standard output'); console.error('to standard error'); process.exit(7)";
  const { stdout, stderr, status } = against("answers", "--", node, "-e", script);
  expect(stdout).toMatch(/^to standard output\n\nThe command ended with exit code 7\.\n/);
  expect(stderr).toMatch(/^to standard error\n/);
  expect(oneLine(stdout)).toContain("The command opened no connection to the server");
  expect(status).toBe(2);
});

test("megabytes go to the terminal whole, and with --json to standard error", () => {
  const script = "head -c 5000000 /dev/zero | tr '\\0' x; curl -sS -o /dev/null $LASTACK_URL";
  const shown = against("answers", ...shell(script));
  expect(shown.stdout.slice(0, 5_000_000)).toMatch(/^x+$/);
  expect(shown.status).toBe(0);
  const { stdout, stderr } = against("answers", "--json", ...shell(script));
  expect(documentOf(stdout)).toMatchObject({ outcome: "confirmed", client: { connections: { begun: 1 } } });
  expect(stderr.slice(0, 5_000_000)).toMatch(/^x+$/);
});

test("a pipeline of a shell is one command, and what all its processes do is counted", () => {
  const { stdout, status } = against("answers", ...shell("curl -sS $LASTACK_URL $LASTACK_URL/2 | wc -c"));
  expect(stdout).toMatch(/^2000\n/);
  expect(stdout).toContain("1 connection from 1 port; 2 requests, 2.0 a connection");
  expect(status).toBe(0);
});

test("a command that leaves a child behind: its connection and the child are counted, and ended then", () => {
  const words = ["--json", "--", node, fixture("exec/forks-away")];
  const { stdout, status } = against("answers", ...words);
  expect(documentOf(stdout)).toMatchObject({
    exitCode: 0,
    client: { connections: { begun: 1 }, left: { ESTABLISHED: 1 }, leftRunning: 1 },
  });
  expect(status).toBe(0);
});

describe("a command that does not end in its time is ended", () => {
  test.each([
    ["sleeps", ["sleep", "97"], "SIGTERM"],
    ["ignores SIGTERM", ["sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"], "SIGKILL"],
  ])("one that %s", (_, words, signal) => {
    const { stdout, status } = against("never-answers", "--json", "--timeout", "1", "--", ...words);
    expect(documentOf(stdout)).toMatchObject({
      endedBy: "timeout",
      exitCode: null,
      signal,
      outcome: "inconclusive",
    });
    expect(status).toBe(2);
  });
});

describe("the user's own server", () => {
  const request = ["--", node, fixture("exec/one-request")];

  test("is at the other end with --serve", () => {
    const serve = `${node} dist/servers/for-clients/answers.js --port 9090`;
    const { stdout, status } = exec("--serve", serve, ...request);
    expect(stdout).toMatch(/^200, 1000 characters\n/);
    expect(stdout).toContain("Nothing was found at the client.");
    expect(status).toBe(0);
  });

  test.each([
    ["ends at once", `${node} ${fixture("check/ends-at-once")}`, /exit code 3.*the key tls\.cert is missing/],
    [
      "never listens",
      `${node} ${fixture("check/never-listens")}`,
      /did not listen .* within 2000 ms.*waiting for the leader/,
    ],
  ])("which %s: the command is not started, and its last lines are printed", (_, serve, why) => {
    const { stdout, stderr, status } = exec("--ready-within", "2", "--serve", serve, ...request);
    expect(oneLine(stderr)).toMatch(why);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });

  test("which listens on two ports: the report says which one the command was given", () => {
    const serve = `${node} ${fixture("check/two-ports")}`;
    const { stdout, status } = exec("--serve", serve, ...request);
    expect(oneLine(stdout)).toMatch(
      /listened on 8080 and 9090, and the command was given (?:8080|9090) \(--port N/,
    );
    expect(status).toBe(0);
    const chosen = exec(
      "--serve",
      serve,
      "--port",
      "9090",
      ...shell("echo $LASTACK_PORT; curl -sS $LASTACK_URL"),
    );
    expect(chosen.stdout).toMatch(/^9090\n/);
    expect(chosen.stdout).not.toContain("listened on");
  });

  test("which dies of a request: the client runs on, and what the server did is reported", () => {
    const { stdout, status } = exec("--serve", `${node} ${fixture("exec/dies-of-a-request")}`, ...request);
    expect(stdout).toContain("The command ended with exit code 3.");
    expect(oneLine(stdout)).toContain(
      "the server ended by itself, with exit code 3; it printed last: cannot open",
    );
    expect(oneLine(stdout)).toContain("1 request was never answered");
    expect(status).toBe(0);
  });
});

test("Ctrl+C: what was measured is reported and kept, and the exit code is 130", async () => {
  const words = ["exec", "--json", "--out", folder.path, "--server", "for-clients/never-answers"];
  const client = "curl -sS $LASTACK_URL & echo asked >&2; wait";
  const running = talk([...words, ...shell(client)], packageRoot, env);
  expect(await until(running.err, (printed) => printed.includes("asked"), 60_000)).toContain("asked");
  running.child.kill("SIGINT");
  expect(await running.ended).toBe(130);
  const document = documentOf(running.out());
  expect(document).toMatchObject({ endedBy: "interrupt", outcome: "inconclusive" });
  expect(existsSync(resolve(packageRoot, document.recording))).toBe(true);
});

// harness/exec/order.test.ts has the others.
describe("wrong usage is exit 64, before anything runs", () => {
  test.each([
    [[], /exec needs the command of a client/],
    [
      ["--", "true"],
      /exec needs a server: --server ID\/VARIANT.*for-clients\/closes-idle +closes a connection/s,
    ],
    [["--serve", "true", "--ready-within", "0", "--", "true"], /--ready-within takes seconds, as 2 or 0\.5/],
    [["--server", "for-clients/hangs-up", "--at", "1e3", "--", "true"], /--at takes a whole number/],
    [["--server", "for-clients/answers", "--wire", "dealy=50ms", "--", "true"], /Did you mean delay=50ms\?/],
  ])("%j", (words, why) => {
    const { stdout, stderr, status } = exec(...words);
    expect(stderr).toMatch(why);
    expect(stdout).toBe("");
    expect(status).toBe(64);
  });
});

test("nothing is left running of all these commands and servers", async () => {
  const left = await until(
    () => marked(mark),
    (beings) => beings.length === 0,
    10_000,
  );
  expect(left).toEqual([]);
});
