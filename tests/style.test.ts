import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageRoot } from "../harness/lab/paths.ts";
import { readTree } from "./architecture/tree.ts";
import { foreignAddresses } from "./style/addresses.ts";
import { linksOf } from "./style/links.ts";
import { wrongName } from "./style/names.ts";
import { bareSleeps, spreadLiterals, undocumented } from "./style/sources.ts";

/** A longer file holds more than one concept. */
const MOST_LINES = 350;

/** Longer files that hold only one concept, with the reason. */
const MAY_BE_LONGER: Record<string, string> = {};

describe("the project", () => {
  const tree = [...readTree(/\.(?:ts|mjs)$/)];

  test("was found", () => {
    expect(tree.length).toBeGreaterThan(180);
  });

  test("names its files by nouns", () => {
    expect(tree.map(([path]) => wrongName(path)).filter((wrong) => wrong !== null)).toEqual([]);
  });

  test(`has no file of more than ${MOST_LINES} lines`, () => {
    const long = tree
      .map(([path, source]) => ({ path, lines: source.split("\n").length - 1 }))
      .filter(({ path, lines }) => lines > MOST_LINES && !(path in MAY_BE_LONGER));
    expect(long).toEqual([]);
  });

  test("excuses no file that is short or gone", () => {
    const lines = new Map(tree.map(([path, source]) => [path, source.split("\n").length - 1]));
    expect(Object.keys(MAY_BE_LONGER).filter((path) => (lines.get(path) ?? 0) <= MOST_LINES)).toEqual([]);
  });

  test("has a docstring for every exported function of harness/", () => {
    const silent = tree
      .filter(([path]) => path.startsWith("harness/") && !path.endsWith(".test.ts"))
      .flatMap(([path, source]) => undocumented(path, source).map((name) => `${path} ${name}`));
    expect(silent).toEqual([]);
  });

  test("has tests that wait for conditions, not for time", () => {
    const sleeps = tree
      .filter(([path]) => path.endsWith(".test.ts"))
      .flatMap(([path, source]) => bareSleeps(path, source).map((line) => `${path}:${line}`));
    expect(sleeps).toEqual([]);
  });

  test("spreads no object literal into another object", () => {
    const spread = tree.flatMap(([path, source]) =>
      spreadLiterals(path, source).map((line) => `${path}:${line}`),
    );
    expect(spread).toEqual([]);
  });

  test("gives every test that mocks a module a process of its own", () => {
    const alone = tree.find(([path]) => path === "vitest.config.ts")?.[1] ?? "";
    const mocking = tree.filter(
      ([path, text]) => path.endsWith(".test.ts") && /^\s*vi\.(?:mock|doMock)\(/m.test(text),
    );
    expect(mocking.map(([path]) => path).filter((path) => !alone.includes(`"${path}"`))).toEqual([]);
    expect(mocking).not.toEqual([]);
  });

  test("names only loopback and documentation addresses", () => {
    const foreign = [...tree, ...readTree(/\.(?:md|json)$/)]
      .filter(([path]) => path !== "tests/style.test.ts" && path !== "package-lock.json")
      .flatMap(([path, text]) => foreignAddresses(text).map((address) => `${path} ${address}`));
    expect(foreign).toEqual([]);
  });
});

describe("the rules", () => {
  test.each(["a/utils.ts", "a/helpers.test.ts", "a/common.ts", "a/types.ts", "a/Socket.ts", "a/tcp_info.ts"])(
    "refuse the name %s",
    (path) => {
      expect(wrongName(path)).toContain(path);
    },
  );

  test.each([
    "a/world.ts",
    "a/world.lab.test.ts",
    "a/tcp-info.test.ts",
    "scripts/build.mjs",
    "vitest.config.ts",
  ])("allow the name %s", (path) => {
    expect(wrongName(path)).toBeNull();
  });

  test.each([
    ["export function f() {}", ["f"]],
    ["// said in passing\nexport function f() {}", ["f"]],
    ["/** Of g. */\nfunction g() {}\nexport function f() {}", ["f"]],
    ["export const f = () => 1;", ["f"]],
    ["export async function f() {}", ["f"]],
    ["export default function () {}", ["default"]],
    ["function f() {}\nexport { f };", ["f"]],
    ["/** Does it. */\nexport function f() {}", []],
    ["/** Does it. */\nexport function f(): void;\nexport function f(a?: 1): void {}", []],
    ["/** Does it. */\nexport const f = () => 1;", []],
    ["function f() {}\nexport const n = 1;\nexport type F = () => void;\nexport { g } from './g.ts';", []],
  ])("find functions without a docstring in %j", (source, names) => {
    expect(undocumented("x.ts", source)).toEqual(names);
  });

  test.each([
    [`import { setTimeout } from "node:timers/promises";\nawait setTimeout(50);`, [2]],
    [`import { setTimeout as sleep } from "node:timers/promises";\nawait sleep(50);`, [2]],
    [`import timers from "node:timers/promises";\nawait timers.setTimeout(50);`, [2]],
    ["await new Promise((resolve) => setTimeout(resolve, 50));", [1]],
    ["await new Promise((resolve) => {\n  setTimeout(resolve, 50);\n});", [1]],
    [`import { setTimeout } from "node:timers/promises";\nwhile (!done()) await setTimeout(5);`, []],
    ["for (;;) {\n  await new Promise((resolve) => setTimeout(resolve, 5));\n}", []],
    [
      "await new Promise((resolve, reject) => {\n  setTimeout(reject, 50);\n  child.on('exit', resolve);\n});",
      [],
    ],
    ["setTimeout(() => socket.end(), 50);", []],
  ])("find sleeps in %j", (source, lines) => {
    expect(bareSleeps("x.test.ts", source)).toEqual(lines);
  });

  test.each([
    ["const a = { ...{ b: 1 }, c: 2 };", [1]],
    ["f({\n  ...{ b: 1 },\n  d: { ...{ e: 1 } },\n});", [2, 3]],
    ["const a = { ...b, ...(c ? { d: 1 } : {}), ...f({ e: 1 }) };", []],
  ])("find spread literals in %j", (source, lines) => {
    expect(spreadLiterals("x.ts", source)).toEqual(lines);
  });

  test.each([
    ["connect to 8.8.8.8", ["8.8.8.8"]],
    ["10.0.0.1:80 and 2606:4700::1111", ["10.0.0.1", "2606:4700::1111"]],
    ["127.0.0.1, 127.0.0.53, 0.0.0.0, 192.0.2.1, 198.51.100.7, 203.0.113.9", []],
    ["[2001:db8:0:1::2]:8080, ::1, ::ffff:192.0.2.1, 2001:db8::/32", []],
    ["at 12:34:56 of version 1.2.3, section 2.5.5.2 or 3.10.7.4.1", []],
  ])("find addresses in %j", (text, addresses) => {
    expect(foreignAddresses(text)).toEqual(addresses);
  });
});

describe("a page", () => {
  const pages = [...readTree(/\.md$/)];

  test("links only to files that exist", () => {
    const links = pages.flatMap(([page, text]) => linksOf(page, text).map((to) => ({ page, to })));
    expect(links.length).toBeGreaterThan(50);
    expect(links.filter(({ to }) => !existsSync(join(packageRoot, to)))).toEqual([]);
  });

  test("has links that start from its folder; links to other sites and to headings are left out", () => {
    const text = "[a](../b/README.md#why) [c](https://example.org/x) [d](#here) [e](docs/e.md)";
    expect(linksOf("experiments/x/README.md", text)).toEqual([
      "experiments/b/README.md",
      "experiments/x/docs/e.md",
    ]);
  });
});
