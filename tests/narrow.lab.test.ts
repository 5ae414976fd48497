import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { compiled, packageRoot } from "../harness/lab/paths.ts";
import { folderFor } from "./lab/user.ts";

const main = compiled("harness/cli/main.js");
const folder = folderFor("own");
afterAll(() => folder.remove());

const run = join(folder.path, "2026-11-21T05-44-23Z", "close-wait-leak");
mkdirSync(run, { recursive: true });
writeFileSync(join(run, "buggy.ndjson"), "");

/** What a command prints on a terminal of that many columns, which script(1) makes; without colours. */
function onTerminal(columns: number, args: string[]): string[] {
  const command = `stty rows 50 cols ${columns}; exec "${process.execPath}" "${main}" ${args.join(" ")}`;
  const { stdout } = spawnSync("script", ["-qec", command, "/dev/null"], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  return stdout.replaceAll("\r", "").trimEnd().split("\n");
}

const recording = join(packageRoot, "results/reference/close-wait-leak/buggy.ndjson");

/** A check of one probe, which a server passes or fails. */
const checkOf = (variant: string): string[] => [
  "check",
  ...["--out", join(folder.path, "checks"), "--connections", "23", "--raw", "'hello\\n'"],
  ...["--probe", "client-closes-first"],
  ...[
    "--",
    process.execPath,
    compiled(`servers/close-wait-leak/${variant}.js`),
    "--port",
    "8080",
    "2>/dev/null",
  ],
];

test.each([40, 80])("on a terminal of %d columns no line is wider", (columns) => {
  const names = onTerminal(80, ["--help"]).flatMap((line) => /^ {2}([a-z]+) {2,}\S/.exec(line)?.[1] ?? []);
  expect(names.length).toBeGreaterThan(10);
  const helps = ["", ...names].map((name) => [name, "--help"]);
  const commands = [
    ...helps,
    ["list"],
    ["list", "--tags"],
    ["runs", "--out", folder.path],
    ["claims"],
    ["claims", "--lang", "zh"],
    ["claims", "--verbose"],
    ["judge", recording],
    ["judge", recording, "--lang", "zh"],
    ["preflight"],
    ["serve", "--list"],
    ["check", "--list"],
    checkOf("fixed"),
    checkOf("buggy"),
  ];
  for (const args of commands) {
    const lines = onTerminal(columns, args);
    expect(lines.length, args.join(" ")).toBeGreaterThan(3);
    // A path or a name cannot be broken, nor can what quotes hold together in a command.
    const long = lines.filter(
      (line) => line.length > columns && !/^\s*(?:recorded in |记录在 )?(?:\S+|'[^']*')(?: \\)?$/.test(line),
    );
    expect(long, args.join(" ")).toEqual([]);
  }
});

test("without a terminal a table's rows are whole, and sentences have 80 columns", () => {
  const stdout = (args: string[]): string[] =>
    spawnSync(process.execPath, [main, ...args], { encoding: "utf8" }).stdout.split("\n");
  expect(stdout(["claims"]).some((line) => line.length > 100)).toBe(true);
  expect(stdout(["runs", "--out", folder.path])[0]).toMatch(/^run .* outcome$/);
  expect(Math.max(...stdout(["list"]).map((line) => line.length))).toBeLessThanOrEqual(80);
});
