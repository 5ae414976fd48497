import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadCatalogue } from "../harness/runs/catalogue.ts";
import { compiled } from "../harness/lab/paths.ts";
import type { FailureMode, Variant } from "../harness/model/experiment.ts";
import { readRecording } from "../harness/recording/read.ts";
import { drawSquare } from "../harness/report/square.ts";
import { square, squareFaults } from "../harness/verdict/square.ts";
import { neededBy } from "./catalogue/needed.ts";
import { readHostState, type HostState } from "./lab/host-state.ts";
import { asUser, folderFor, WHO } from "./lab/user.ts";
import { excused, type ToldTrial } from "./lab/want-of-time.ts";
import { missingOf, needs } from "./programs/needs.ts";

interface Told extends ToldTrial {
  recording: string;
  findings: { claim: string; observed: string; outcome: string }[];
}

interface Whole {
  outcome: string;
  experiments: { id: string; outcome: string; variants: Record<string, Told> }[];
}

const experiments = (await loadCatalogue()).map((entry) => entry.experiment);
const failureModes = experiments.filter(
  (experiment): experiment is FailureMode => experiment.kind === "failure-mode",
);
/** Every variant, and the programs that it calls and that this machine may lack. */
const variants = experiments.flatMap(({ id, variants }) =>
  Object.entries(variants as Record<string, Variant>).map(([name, { setup }]) => ({
    id,
    name,
    programs: neededBy(setup),
  })),
);
/** The variants whose programs are installed on this machine. */
const possible = variants.filter(({ programs }) => missingOf(programs).length === 0);

// As an ordinary user if possible: in CI, `npm start` has run as root already.
const who = WHO.at(-1) ?? "own";
const folder = folderFor(who);
/** A limit that only catches a hang. On a machine that is not busy, all trials of the catalogue take a few minutes. */
const WITHIN_MS = 3_600_000;
/** The check of the host's state calls nft(8). */
const HOST_STATE = ["nft"] as const;
let before: HostState | undefined;
let after: HostState | undefined;
let ran: SpawnSyncReturns<string>;
let result: Whole;
/** Variants that are inconclusive because the machine was too busy. A few are accepted: want-of-time.ts. */
let late: string[];

beforeAll(() => {
  const look = (): HostState | undefined =>
    missingOf(HOST_STATE).length === 0 ? readHostState() : undefined;
  before = look();
  const [executable, ...args] = asUser(who, [
    ...[process.execPath, compiled("harness/cli/main.js")],
    ...["run", "--all", "--json", "--out", join(folder.path, "runs")],
  ]);
  ran = spawnSync(executable, args, { cwd: folder.path, encoding: "utf8", maxBuffer: 1 << 28 });
  after = look();
  result = JSON.parse(ran.stdout) as Whole;
  late = excused(
    new Map(
      result.experiments.flatMap(({ id, variants }) =>
        Object.entries(variants).map(([name, told]) => [`${id}/${name}`, told]),
      ),
    ),
  );
  for (const name of late) console.log(`The machine was too busy for ${name}: it has no verdict.`);
}, WITHIN_MS);
afterAll(() => folder.remove());

describe(`the whole catalogue, as ${who} user`, () => {
  const told = (id: string, name: string): Told | undefined =>
    result.experiments.find((experiment) => experiment.id === id)?.variants[name];
  const recordings = (): string[] =>
    possible
      .filter(({ id, name }) => !late.includes(`${id}/${name}`))
      .map(({ id, name }) => resolve(folder.path, told(id, name)?.recording ?? "not there"));

  test("runs completely, and its exit code is that of its verdict", () => {
    expect(ran.stderr).not.toMatch(/\bfault\b/);
    const names = result.experiments.flatMap(({ id, variants }) =>
      Object.keys(variants).map((name) => `${id}/${name}`),
    );
    expect(names.toSorted()).toEqual(variants.map(({ id, name }) => `${id}/${name}`).toSorted());
    expect(ran.status).toBe(possible.length === variants.length && late.length === 0 ? 0 : 2);
  });

  for (const { id, name, programs } of variants) {
    test(`confirms ${id}/${name}`, needs(...programs), () => {
      const { outcome, findings = [] } = told(id, name) ?? {};
      if (late.includes(`${id}/${name}`)) return expect(outcome).toBe("inconclusive");
      const others = findings.filter((finding) => finding.outcome !== "confirmed");
      expect({ outcome, others }).toEqual({ outcome: "confirmed", others: [] });
    });
  }

  test("writes recordings that judge confirms again, and a summary beside each", () => {
    const paths = recordings();
    expect(paths.length).toBeGreaterThanOrEqual(experiments.length);
    for (const path of paths) {
      const summary = readFileSync(path.replace(/ndjson$/, "summary.csv"), "utf8");
      expect(summary).toMatch(/TIME-WAIT|CLOSE-WAIT|connect/);
    }
    const judged = spawnSync(
      process.execPath,
      [compiled("harness/cli/main.js"), "judge", ...paths, "--json"],
      { encoding: "utf8" },
    );
    expect(judged.status).toBe(0);
    expect((JSON.parse(judged.stdout) as Whole).outcome).toBe("confirmed");
  });

  test("keeps the square: a symptom is seen in its own failure mode and in no other", () => {
    const cells = square(
      failureModes.filter((mode) => mode.visible?.as !== "no"),
      recordings().map((path) => readRecording(path)),
    );
    console.log(`The square of this run's recordings:\n${drawSquare(cells)}`);
    expect(squareFaults(cells)).toEqual([]);
  });

  test("changes no sysctl, interface or nft table of the host", needs(...HOST_STATE), () => {
    expect(Object.keys(before?.sysctls ?? {}).length).toBeGreaterThan(100);
    expect(Object.keys(before?.interfaces ?? {})).toContain("lo flags");
    expect(after).toEqual(before);
  });
});
