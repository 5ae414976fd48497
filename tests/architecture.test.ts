import { describe, expect, test } from "vitest";
import { countImportLines, importsOf } from "./architecture/imports.ts";
import { judge, roomOf } from "./architecture/judge.ts";
import { MAY_IMPORT_COMPUTED_NAMES, NOT_SHIPPED, ROOMS } from "./architecture/rooms.ts";
import { readTree, runtimePackages } from "./architecture/tree.ts";

/** If fewer imports are found, reading them is broken. Raise this number as the project grows; it need not be exact. */
const FEWEST_IMPORTS = 700;

describe("the project", () => {
  const tree = readTree(/\.[cm]?[jt]s$/);
  const packages = runtimePackages();
  const { violations, imports } = judge(tree, packages);

  test("imports only what the rooms allow", () => {
    expect(violations).toEqual([]);
  });

  test("was read completely", () => {
    const seen = sum(imports.values());
    const lines = sum([...tree.values()].map(countImportLines));
    expect(seen).toBeGreaterThanOrEqual(FEWEST_IMPORTS);
    expect(seen, "the parser against a plain search for lines").toBeGreaterThanOrEqual(0.95 * lines);
    for (const [room, count] of imports) expect(count, `imports seen in ${room}`).toBeGreaterThan(0);
    for (const room of ["model", "kernel", "lab"]) expect([...imports.keys()]).toContain(room);
  });

  test("has the files that the rooms name", () => {
    for (const path of Object.keys(MAY_IMPORT_COMPUTED_NAMES)) expect([...tree.keys()]).toContain(path);
  });
});

describe("the rooms", () => {
  const names = new Set(ROOMS.map(({ name }) => name));

  test("name only rooms that exist", () => {
    const rooms = ROOMS.flatMap(({ may }) => may)
      .filter((what) => !/^(?:node:|npm:.+|harness)$/.test(what))
      .map((what) => what.replace(/^type /, ""));
    expect(rooms.filter((room) => !names.has(room))).toEqual([]);
  });

  test.each(["cli", "servers", "clients"])("no shipped room may import %s", (room) => {
    const shipped = ROOMS.filter(({ name }) => !NOT_SHIPPED.includes(name));
    expect(shipped.filter(({ may }) => may.some((what) => what.replace(/^type /, "") === room))).toEqual([]);
  });

  test("only kernel may import koffi", () => {
    expect(ROOMS.filter(({ may }) => may.includes("npm:koffi")).map(({ name }) => name)).toEqual(["kernel"]);
  });

  test.each(["model", "measure", "verdict", "claims", "report", "experiment"])("%s is pure", (room) => {
    expect(ROOMS.find(({ name }) => name === room)?.may).not.toContain("node:");
  });
});

describe("the judge", () => {
  const world: Record<string, string> = {
    "harness/model/state.ts": "export const a = 1;",
    "harness/measure/series.ts": "export const b = 1;",
    "harness/kernel/libc.ts": "export const c = 1;",
    "harness/load/engine.ts": "export const h = 1;",
    "harness/verdict/judge.ts": "export const d = 1;",
    "harness/lab/world.ts": "export const i = 1;",
    "harness/cli/main.ts": "export const e = 1;",
    "harness/cli/catalogue.ts": "export const j = 1;",
    "harness/experiment.ts": "export const f = 1;",
    "servers/one/buggy.ts": "export const g = 1;",
    "servers/one/fixed.ts": "export const g = 1;",
    "clients/short-tcp.ts": "export const k = 1;",
    "experiments/one/experiment.ts": "export const l = 1;",
    "experiments/one/setup.ts": "export const m = 1;",
    "experiments/two/experiment.ts": "export const n = 1;",
  };
  const violationsOf = (path: string, source: string): string[] =>
    judge(new Map(Object.entries({ ...world, [path]: source })), ["koffi", "zod", "picocolors"]).violations;

  test.each([
    ["harness/model/x.ts", `import { readFileSync } from "node:fs";`, "kept free of node:"],
    ["harness/model/x.ts", `import { b } from "../measure/series.ts";`, "model may not import measure"],
    ["harness/model/x.ts", `import type { b } from "../measure/series.ts";`, "model may not import measure"],
    ["harness/model/x.ts", `export * from "../measure/series.ts";`, "model may not import measure"],
    ["harness/model/x.ts", `export { b } from "../measure/series.ts";`, "model may not import measure"],
    ["harness/model/x.ts", `type B = import("../measure/series.ts").B;`, "model may not import measure"],
    ["harness/model/x.ts", `import {\n  b,\n} from "../measure/series.ts";`, "model may not import measure"],
    ["harness/verdict/x.ts", `import "node:process";`, "kept free of node:"],
    ["harness/verdict/x.ts", `import { c } from "../kernel/libc.ts";`, "verdict may not import kernel"],
    ["harness/report/x.ts", `import { d } from "../verdict/judge.ts";`, "report may not import verdict"],
    ["harness/report/x.ts", `import logUpdate from "log-update";`, "the package log-update"],
    ["harness/lab/x.ts", `import koffi from "koffi";`, "the package koffi"],
    ["harness/lab/x.ts", `const koffi = await import("koffi");`, "the package koffi"],
    ["harness/lab/x.ts", "const koffi = await import(`koffi`);", "the package koffi"],
    ["harness/lab/x.ts", `const koffi = require("koffi");`, "the package koffi"],
    ["harness/lab/x.ts", `import koffi = require("koffi");`, "the package koffi"],
    ["harness/lab/x.ts", `import { createRequire } from "node:module";`, "a computed name"],
    ["harness/lab/x.ts", `await import(process.argv[2] ?? "");`, "a computed name"],
    ["harness/lab/x.test.ts", `import koffi from "koffi";`, "the package koffi"],
    ["harness/lab/x.test.ts", `import { e } from "../cli/main.ts";`, "lab may not import cli"],
    ["harness/lab/x.ts", `import { z } from "zod";`, "the package zod"],
    ["harness/lab/x.ts", `import { test } from "vitest";`, "the package vitest"],
    ["harness/kernel/x.ts", `import { a } from "../model/state.ts";`, "kernel may not import model"],
    [
      "harness/recording/x.ts",
      `import { b } from "../measure/series.ts";`,
      "recording may not import measure",
    ],
    ["harness/load/x.ts", `import { c } from "../kernel/libc.ts";`, "load may not import kernel"],
    ["harness/trial.ts", `import { d } from "./verdict/judge.ts";`, "trial may not import verdict"],
    ["harness/trial.ts", `import "../experiments/one/experiment.ts";`, "trial may not import experiments"],
    ["harness/diagnosis/x.ts", `import { e } from "../cli/main.ts";`, "diagnosis may not import cli"],
    ["harness/runs/x.ts", `import { e } from "../cli/main.ts";`, "runs may not import cli"],
    ["scripts/x.ts", `import { e } from "../harness/cli/main.ts";`, "scripts may not import cli"],
    ["tests/x.test.ts", `import { e } from "../harness/cli/main.ts";`, "tests may not import cli"],
    ["harness/cli/x.ts", `import { g } from "../../servers/one/buggy.ts";`, "cli may not import servers"],
    ["harness/cli/x.ts", `import "../../clients/short-tcp.ts";`, "cli may not import clients"],
    ["harness/cli/x.ts", `import "log-update";`, `among "dependencies"`],
    ["harness/cli/x.ts", `import chalk from "chalk";`, "the package chalk"],
    ["harness/cli/x.ts", `import { a } from "lastack/experiment";`, "the package lastack"],
    ["harness/cli/x.ts", `import { a } from "./gone.ts";`, "there is no harness/cli/gone.ts"],
    ["harness/cli/x.ts", `import { a } from "./main.js";`, "there is no harness/cli/main.js"],
    ["harness/experiment.ts", `export * from "./lab/world.ts";`, "experiment may not import lab"],
    ["servers/one/x.ts", `import { g } from "./buggy.ts";`, "each file of servers stands alone"],
    ["servers/two/x.ts", `import { g } from "../one/buggy.ts";`, "each file of servers stands alone"],
    ["servers/one/x.ts", `import { a } from "../../harness/model/state.ts";`, "servers may not import model"],
    ["clients/x.ts", `import { a } from "../harness/model/state.ts";`, "clients may not import model"],
    [
      "clients/x.ts",
      `import { type A, a } from "../harness/model/state.ts";`,
      "clients may not import model",
    ],
    ["clients/x.ts", `import { g } from "../servers/one/buggy.ts";`, "clients may not import servers"],
    [
      "experiments/two/x.ts",
      `import { f } from "../one/setup.ts";`,
      "each folder of experiments stands alone",
    ],
    ["experiments/two/x.ts", `import "../../harness/model/state.ts";`, "experiments may not import model"],
    ["experiments/two/x.ts", `import "node:fs";`, "kept free of node:"],
    ["scripts/x.ts", `import { g } from "../servers/one/buggy.ts";`, "scripts may not import servers"],
    ["harness/x.ts", "", "in no room"],
    ["harness/novel/x.ts", "", "in no room"],
    ["somewhere/x.ts", "", "in no room"],
    ["servers/x.ts", "", "in no room"],
  ])("refuses in %s: %s", (path, source, wrong) => {
    expect(violationsOf(path, source)).toEqual([expect.stringContaining(wrong)]);
  });

  test.each([
    ["harness/model/x.ts", `import { a } from "./state.ts";`],
    ["harness/kernel/x.ts", `import koffi from "koffi";\nimport { openSync } from "node:fs";`],
    ["harness/model/x.test.ts", `import { test } from "vitest";\nimport { b } from "../measure/series.ts";`],
    ["harness/runs/x.ts", `import { l } from "../../experiments/one/experiment.ts";\nimport "node:fs";`],
    ["harness/cli/x.ts", `import pico from "picocolors";`],
    ["harness/runs/all-experiments.ts", "export const load = (path: string) => import(path);"],
    ["harness/cli/x.ts", `import { h } from "../load/engine.ts";\nimport { f } from "../experiment.ts";`],
    ["harness/recording/x.ts", `import { z } from "zod";`],
    [
      "clients/x.ts",
      `import type { A } from "../harness/model/state.ts";\nimport "../harness/load/engine.ts";`,
    ],
    ["clients/x.ts", `import { type A, type B } from "../harness/model/state.ts";`],
    [
      "experiments/one/x.ts",
      `import { f } from "../../harness/experiment.ts";\nimport { m } from "./setup.ts";`,
    ],
    ["harness/lab/x.ts", `const text = 'import koffi from "koffi"'; // import("koffi")`],
  ])("allows in %s: %s", (path, source) => {
    expect(violationsOf(path, source)).toEqual([]);
  });

  test("names the line of a violation", () => {
    const [violation] = violationsOf("harness/model/x.ts", `\n\nimport "node:fs";`);
    expect(violation).toMatch(/^harness\/model\/x\.ts:3 /);
  });

  test("refuses a source that does not parse", () => {
    expect(() => importsOf("x.ts", "import {")).toThrow("x.ts does not parse");
  });

  test("counts the imports of each room", () => {
    const one = new Map([["harness/lab/x.ts", `import "node:fs";\nimport "node:net";`]]);
    expect([...judge(one, []).imports]).toEqual([["lab", 2]]);
  });
});

test("a plain search for lines counts only imports", () => {
  const source = `import a from "a";\nimport {\n  b,\n} from "b";\nimport "c";\nexport * from "d";\nconst e = 'import f from "f";';\nexport const g = "from";`;
  expect(countImportLines(source)).toBe(4);
});

test("a room's pattern does not match files of another room's folder", () => {
  expect(roomOf("harness/lab/deep/er.ts")?.name).toBe("lab");
  expect(roomOf("harness/laboratory/x.ts")).toBeUndefined();
});

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
