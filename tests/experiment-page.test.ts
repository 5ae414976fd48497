import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { atLeast, atMost, between, exactly, type Bound } from "../harness/experiment.ts";
import { packageRoot } from "../harness/lab/paths.ts";
import { INTERVENTION_SIGNALS } from "../harness/model/setup.ts";
import { TCP_STATES } from "../harness/model/state.ts";
import { examplesOf } from "../scripts/experiment-page/example.ts";
import { withFindings } from "../scripts/experiment-page/finding.ts";
import { claimsInSymptoms, codeIn, tableOf } from "../scripts/experiment-page/table.ts";
import { type Tried, tryExamples } from "../scripts/experiment-page/tried.ts";

const read = (path: string): string => readFileSync(join(packageRoot, path), "utf8");
const page = read("docs/experiment.md");
const examples = examplesOf(page);
const claims = examples.filter((example) => example.kind === "claim");

/** The names of functions that harness/experiment.ts exports from a folder. */
const taken = (folder: string): string[] =>
  [...read("harness/experiment.ts").matchAll(/^export \{([^}]*)\} from "\.\/([\w/]+)\/[\w-]+\.ts"/gm)]
    .filter(([, , from]) => from === folder)
    .flatMap(([, names = ""]) => names.split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "" && !name.startsWith("type "));

/** The keys of an interface, from its source. */
function keysOf(path: string, name: string): string[] {
  const [, body = ""] = new RegExp(`^export interface ${name} \\{\\n(.*?)^\\}`, "ms").exec(read(path)) ?? [];
  return [...body.matchAll(/^ {2}(\w+)\??:/gm)].map(([, key = ""]) => key);
}

/** The first key of each member of a union of objects, from its source. */
function membersOf(path: string, name: string): string[] {
  const [, body = ""] = new RegExp(`^export type ${name} =\\n((?: {2}.*\\n)+)`, "m").exec(read(path)) ?? [];
  return [...body.matchAll(/^ {2}\| \{ (\w+):/gm)].map(([, key = ""]) => key);
}

const cells = (heading: string): string[] => tableOf(page, heading).flatMap(([first]) => codeIn(first));
/** All words in code in the first cells of a table. */
const words = (heading: string): string[] => cells(heading).flatMap((code) => code.match(/\w+/g) ?? []);
const sorted = (names: Iterable<string>): string[] => [...new Set(names)].toSorted();

describe("the examples of docs/experiment.md", () => {
  let tried: Tried;
  beforeAll(async () => {
    tried = await tryExamples(examples, claimsInSymptoms(page));
  });

  test("were found", () => {
    for (const kind of ["file", "setup", "claim"])
      expect(examples.filter((example) => example.kind === kind).length, kind).toBeGreaterThan(1);
    expect(tried.findings.size).toBe(claims.length);
  });

  test("pass the compiler", () => {
    expect(tried.complaints).toBe("");
  });

  test("have setups that can be run", () => {
    expect(tried.unsound).toEqual([]);
  });

  test("have lastack's current output below them: npm run experiment:page writes it", () => {
    expect(withFindings(page, examples, tried.findings)).toBe(page);
  });

  test("are confirmed, except one that shows a refutation and one that is inconclusive", () => {
    const outcomes = [...tried.findings.values()].map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome !== "confirmed").toSorted()).toEqual([
      "inconclusive",
      "refuted",
    ]);
  });

  test("show every claim, and the table says what each needs", () => {
    const needs = new Map(
      claims.flatMap(({ name, at }) =>
        name === null ? [] : [[name, tried.findings.get(at)?.needs ?? []] as const],
      ),
    );
    for (const [name, , kinds] of tableOf(page, "claim")) {
      const [claim = ""] = codeIn(name);
      expect(needs.get(claim), claim).toEqual(claim === "quantity" ? ["attempt"] : codeIn(kinds));
    }
    expect(sorted(needs.keys())).toEqual(sorted(cells("claim")));
  });
});

describe("docs/experiment.md has", () => {
  const bounds: Record<string, (first: number, second: number) => Bound> = {
    exactly,
    atLeast,
    atMost,
    between,
  };

  test("every claim that harness/experiment.ts exports, with a heading", () => {
    const all = taken("verdict/vocabulary").filter((name) => !(name in bounds));
    expect(all.length).toBeGreaterThan(15);
    expect(sorted(cells("claim"))).toEqual(sorted(all));
    const headings = [...page.matchAll(/^### `(\w+)\(/gm)].map(([, name = ""]) => name);
    expect(sorted(headings)).toEqual(sorted(all));
  });

  test("every bound, in its own words", () => {
    const rows = tableOf(page, "bound").map(([code = "", , sentence]) => ({ code, sentence }));
    const said = rows.map(({ code }) => {
      const [, name = "", args = ""] = /^`(\w+)\(([\d, ]+)\)`$/.exec(code) ?? [];
      const [first = 0, second = 0] = args.split(",").map(Number);
      return bounds[name]?.(first, second).ofThings("socket", "sockets");
    });
    expect(said).toEqual(rows.map(({ sentence }) => sentence));
    expect(sorted(words("bound").filter((word) => /\D/.test(word)))).toEqual(sorted(Object.keys(bounds)));
  });

  test("every function that reads a recording", () => {
    const named = cells("function").map((code) => code.slice(0, code.indexOf("(")));
    expect(sorted(named)).toEqual(sorted(taken("measure")));
  });

  test("every figure, and every shorthand of a setup", () => {
    const named = (heading: string) => cells(heading).flatMap((code) => /^(\w+)\(/.exec(code)?.[1] ?? []);
    expect(sorted(named("figure"))).toEqual(sorted(taken("verdict/vocabulary/figures")));
    expect(sorted([...named("shorthand"), "setupOf", "EVERY_MS"])).toEqual(sorted(taken("model")));
  });

  test("every key of a setup", () => {
    expect(sorted(cells("key"))).toEqual(sorted(keysOf("harness/model/short-setup.ts", "ShortSetup")));
  });

  test("every condition, and everything that an intervention can do", () => {
    const [, , body = ""] = read("harness/model/setup.ts").split(/^ {2}(when: Condition;\n {2}do:)$/m);
    const done = [...body.matchAll(/^ {4}\| \{ (\w+):/gm)].map(([, key = ""]) => key);
    const conditions = membersOf("harness/model/setup.ts", "Condition");
    expect([conditions.length, done.length]).toEqual([8, 6]);
    expect(words("condition")).toEqual(expect.arrayContaining(conditions));
    expect(words("do")).toEqual(expect.arrayContaining(done));
  });

  test("every signal and every state", () => {
    for (const signal of INTERVENTION_SIGNALS) expect(page).toContain(`\`${signal}\``);
    for (const state of TCP_STATES) expect(page).toContain(`\`${state}\``);
  });

  test("every rule's action and what it can match, in an example", () => {
    const [rules = ""] = examples.flatMap(({ text }) => (text.includes("rules: [") ? [text] : []));
    const actions = membersOf("harness/model/wire.ts", "WireAction");
    expect(actions).toHaveLength(6);
    for (const action of actions) expect(rules, action).toContain(`do: { ${action}: `);
    const keys = keysOf("harness/model/segment.ts", "SegmentMatch");
    expect(keys).toHaveLength(11);
    for (const key of keys) expect(rules, key).toMatch(new RegExp(`match: \\{.*\\b${key}: `));
  });

  test.each([
    ["Sockets", "harness/measure/sockets.ts", "Which sockets"],
    ["Segments", "harness/measure/segments.ts", "`segmentsSeen(which, bound)`"],
    ["Attempts", "harness/measure/attempts.ts", "`attemptsOk({ program, phase }, bound)`"],
    ["Calls", "harness/measure/calls.ts", "`callsEnded({ program, call, phase }, result, bound)`"],
    ["Ends", "harness/measure/ends.ts", "`connectionsEnd({ program, phase }, peers)`"],
    ["Reports", "harness/measure/reports.ts", "`selfReported({ program, kind }, field, percentile, bound)`"],
    ["Processes", "harness/measure/processes.ts", "`descriptorsLeft({ host, program, holds }, bound)`"],
    ["Listeners", "harness/measure/listeners.ts", "`acceptQueueFull({ host, port })`"],
    ["Counter", "harness/measure/counters.ts", "`counterMoved({ host, counter }, bound)`"],
  ])("every key of %s", (name, path, heading) => {
    const section = page.split(`\n### ${heading}\n`)[1]?.split("\n### ")[0];
    const keys = keysOf(path, name);
    expect(keys.length).toBeGreaterThan(1);
    for (const key of keys) expect(`${heading}\n${section}`, key).toMatch(new RegExp(`\\b${key}\\b`));
  });

  test("every client", () => {
    const files = readdirSync(join(packageRoot, "clients")).filter((name) => /^[\w-]+\.ts$/.test(name));
    expect(sorted(cells("client"))).toEqual(sorted(files.map((name) => `clients/${name.slice(0, -3)}`)));
  });
});
