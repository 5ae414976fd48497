import { afterAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../harness/lab/paths.ts";
import { lastack } from "../lab/command.ts";
import { folderFor } from "../lab/user.ts";
import { CASES } from "./expected.ts";

const folder = folderFor("own");
afterAll(() => folder.remove());

const exec = (words: string[]) => lastack(["exec", "--out", folder.path, ...words], { cwd: packageRoot });

describe("a client against a server for clients", () => {
  test.each(CASES)("$server, $command: $because", ({ server, command, wire = [], ...wanted }) => {
    const rules = wire.flatMap((word) => ["--wire", word]);
    const { stdout, stderr, status } = exec(["--json", "--server", server, ...rules, "--", ...command]);
    const document = JSON.parse(stdout) as {
      exitCode: number;
      client: object;
      findings: { mode: string }[];
      because: string[];
    };
    expect(document.because, stderr).toEqual([]);
    expect(document.findings.map(({ mode }) => mode)).toEqual(wanted.findings);
    expect(document.client).toMatchObject(wanted.client);
    expect(document.exitCode).toBe(wanted.exitCode);
    expect(status).toBe(wanted.status);
  });
});

test("what the command prints goes to the terminal, before the report", () => {
  const words = ["--server", "for-clients/answers", "--", process.execPath, "-e"];
  const { stdout, stderr, status } = exec([
    ...words,
    "console.log('to standard output'); console.error('to standard error'); process.exit(7)",
  ]);
  expect(stdout).toMatch(/^to standard output\n\nThe command ended with exit code 7\.\n/);
  expect(stderr).toMatch(/^to standard error\n/);
  expect(stdout.replaceAll("\n", " ")).toContain("The command opened no connection to the server");
  expect(status).toBe(2);
});

test("a command that does not end is ended, and nothing is left running", () => {
  const { stdout, status } = exec([
    "--timeout",
    "1",
    "--server",
    "for-clients/never-answers",
    "--",
    "sleep",
    "97",
  ]);
  expect(stdout).toContain("The command did not end in its time, and lastack ended it.");
  expect(status).toBe(2);
});

test("the user's own server is at the other end with --serve", () => {
  const serve = `${process.execPath} dist/servers/for-clients/answers.js --port 9090`;
  const { stdout, status } = exec([
    "--serve",
    serve,
    "--",
    process.execPath,
    "tests/fixtures/exec/one-request.mjs",
  ]);
  expect(stdout).toMatch(/^200, 1000 characters\n/);
  expect(stdout).toContain("Nothing was found at the client.");
  expect(status).toBe(0);
});

test.each([
  [[], /exec needs the command of a client/],
  [["--server", "for-clients/answers"], /exec needs the command of a client/],
  [["--", "true"], /exec needs a server: --server ID\/VARIANT/],
  [["--server", "for-clients/truncate", "--", "true"], /Did you mean for-clients\/truncates\?/],
  [
    ["--server", "for-clients/answers", "--", "no-such-command"],
    /There is no command no-such-command on the PATH/,
  ],
  [["--server", "for-clients/answers", "--wire", "delay=50", "--", "true"], /--wire takes delay=50ms/],
  [["--serve", "no-such-server", "--", "true"], /There is no command no-such-server on the PATH/],
  [["--serve", "node 'a", "--", "true"], /A quote in .* has no end/],
])("wrong usage is exit 64, before anything runs: %j", (words, why) => {
  const { stderr, status } = exec(words);
  expect(stderr).toMatch(why);
  expect(status).toBe(64);
});
