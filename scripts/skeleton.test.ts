import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { needs } from "../tests/programs/needs.ts";
import { HALF_DONE, OrderError, skeleton } from "./skeleton.ts";

const run = promisify(execFile);
const project = fileURLToPath(new URL("../", import.meta.url));
const failureMode = skeleton({ id: "late-reader", kind: "failure-mode", language: "node" });
const fact = skeleton({
  id: "reads-apart",
  kind: "fact",
  language: "node",
  variants: ["with-nagle", "without-nagle", "plain"],
});
const inPython = [
  ...skeleton({ id: "late-snake", kind: "failure-mode", language: "python" }),
  ...skeleton({ id: "snakes-apart", kind: "fact", language: "python", variants: ["one", "two"] }),
];
const files = [...failureMode, ...fact, ...inPython];
const pathsIn = (ending: string): string[] =>
  files.map(([path]) => path).filter((path) => path.startsWith("servers/") && path.endsWith(ending));

test("a failure mode has an experiment, advice, a page, and two servers", () => {
  expect([...failureMode.keys()]).toEqual([
    "experiments/late-reader/experiment.ts",
    "experiments/late-reader/advice.ts",
    "experiments/late-reader/README.md",
    "servers/late-reader/buggy.ts",
    "servers/late-reader/fixed.ts",
  ]);
});

test("a fact has an experiment with its variants, a page, and a server", () => {
  expect([...fact.keys()]).toEqual([
    "experiments/reads-apart/experiment.ts",
    "experiments/reads-apart/README.md",
    "servers/reads-apart/server.ts",
  ]);
  const experiment = fact.get("experiments/reads-apart/experiment.ts");
  for (const variant of [`"with-nagle": {`, `"without-nagle": {`, " plain: {"])
    expect(experiment).toContain(variant);
});

test("both kinds can have servers in Python", () => {
  expect(pathsIn(".py")).toEqual([
    "servers/late-snake/buggy.py",
    "servers/late-snake/fixed.py",
    "servers/snakes-apart/server.py",
  ]);
  const experiments = inPython.filter(([path]) => path.endsWith("experiment.ts"));
  for (const [, text] of experiments) expect(text).toMatch(/python3 \{here\}\/.*\.py 8080`, listens: 8080/);
});

test.each(files)("%s is marked as half-done", (_path, text) => {
  expect(text).toContain(HALF_DONE);
});

test.each(files)("%s has no unfilled blank", (_path, text) => {
  expect(text).not.toContain("{{");
});

test.each(["Late", "late_reader", "late--reader", "-late", "late-", "", "../late", "late reader", "9-lives"])(
  "the id %j is refused",
  (id) => {
    expect(() => skeleton({ id, kind: "failure-mode", language: "node" })).toThrow(OrderError);
  },
);

test.each([[[]], [["one"]], [["one", "one"]], [["one", "Two"]]])(
  "a fact with the variants %j is refused",
  (variants) => {
    expect(() => skeleton({ id: "reads-apart", kind: "fact", language: "node", variants })).toThrow(
      OrderError,
    );
  },
);

describe.concurrent("the written files", () => {
  let folder = "";

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "lastack-skeleton-"));
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    for (const name of ["harness", "node_modules", ".oxlintrc.json", ".oxfmtrc.json"]) {
      symlinkSync(join(project, name), join(folder, name));
    }
    const compilerOptions = { rootDir: "/", noUnusedLocals: true };
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: join(project, "tsconfig.json"),
        compilerOptions,
        include: ["experiments", "servers"],
      }),
    );
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ["type-checks", "tsc", ["-p", "."]],
    ["is formatted", "oxfmt", ["--check", "experiments", "servers"]],
    ["passes the linter", "oxlint", ["experiments", "servers"]],
  ])("%s", async (_what, tool, args) => {
    const bin = join(project, "node_modules/.bin", tool);
    const complaints = await run(bin, args, { cwd: folder }).then(
      () => null,
      (error: unknown) => (error as { stdout: string }).stdout,
    );
    expect(complaints).toBeNull();
  });

  test.each(pathsIn(".py"))("%s is a valid Python program", needs("python3"), async (path) => {
    const parse = "import ast, sys; ast.parse(open(sys.argv[1]).read())";
    const { stderr } = await run("python3", ["-c", parse, join(folder, path)]);
    expect(stderr).toBe("");
  });

  test.each(pathsIn(".ts"))("%s is a server that prints ready and ends on SIGTERM", async (path) => {
    const args = ["--import", "tsx", join(folder, path), "--port", "0", "--host", "127.0.0.1"];
    const child = spawn(process.execPath, args, { cwd: project, stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(child, "exit");
    try {
      const [line] = (await once(createInterface(child.stdout), "line")) as [string];
      expect(line).toMatch(/^ready [1-9]\d*$/);
    } finally {
      child.kill("SIGTERM");
    }
    expect(await ended).toEqual([0, null]);
  });
});

test("an id that exists already is refused, and nothing is written", async () => {
  const command = ["--import", "tsx", "scripts/new-experiment.ts", "close-wait-leak"];
  await expect(run(process.execPath, command, { cwd: project })).rejects.toMatchObject({
    code: 64,
    stdout: "",
    stderr: expect.stringMatching(/close-wait-leak exists already; no files were written/) as string,
  });
});
