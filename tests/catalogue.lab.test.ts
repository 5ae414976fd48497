import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadCatalogue } from "../harness/cli/catalogue.ts";
import { compiled } from "../harness/lab/paths.ts";
import type { FailureMode } from "../harness/model/experiment.ts";
import { readRecording } from "../harness/recording/read.ts";
import { drawSquare } from "../harness/report/square.ts";
import { square, squareFaults } from "../harness/verdict/square.ts";
import { readHostState, type HostState } from "./lab/host-state.ts";
import { asUser, folderFor, WHO } from "./lab/user.ts";

interface Whole {
  outcome: string;
  experiments: {
    id: string;
    outcome: string;
    variants: Record<
      string,
      { outcome: string; recording: string; findings: { claim: string; observed: string }[] }
    >;
  }[];
}

const experiments = (await loadCatalogue()).map((entry) => entry.experiment);
const failureModes = experiments.filter(
  (experiment): experiment is FailureMode => experiment.kind === "failure-mode",
);

// On an ordinary user's own account, when there is a choice: `npm start` has been root's turn in CI.
const who = WHO.at(-1) ?? "own";
const folder = folderFor(who);
/** For all trials of the catalogue, on a machine that is busy; on one that is not it takes a quarter. */
const WITHIN_MS = 600_000;
let before: HostState;
let after: HostState;
let ran: SpawnSyncReturns<string>;

beforeAll(() => {
  before = readHostState();
  const [executable, ...args] = asUser(who, [
    ...[process.execPath, compiled("harness/cli/main.js")],
    ...["run", "--all", "--json", "--out", join(folder.path, "runs")],
  ]);
  ran = spawnSync(executable, args, { cwd: folder.path, encoding: "utf8", maxBuffer: 1 << 28 });
  after = readHostState();
}, WITHIN_MS);
afterAll(() => folder.remove());

describe(`the whole catalogue, as ${who} user`, () => {
  const result = (): Whole => JSON.parse(ran.stdout) as Whole;
  const recordings = (): string[] =>
    result().experiments.flatMap(({ variants }) =>
      Object.values(variants).map((variant) => resolve(folder.path, variant.recording)),
    );

  test("is confirmed, variant by variant", () => {
    expect(ran.stderr).not.toMatch(/\bfault\b/);
    const outcomes = result().experiments.flatMap(({ id, variants }) =>
      Object.entries(variants).map(([name, { outcome }]) => `${id}/${name} ${outcome}`),
    );
    const wanted = experiments.flatMap(({ id, variants }) =>
      Object.keys(variants).map((name) => `${id}/${name} confirmed`),
    );
    expect(outcomes.toSorted()).toEqual(wanted.toSorted());
    expect(ran.status).toBe(0);
  });

  test("leaves recordings that judge confirms again, and a summary beside each", () => {
    const paths = recordings();
    expect(paths.length).toBeGreaterThanOrEqual(experiments.length * 2);
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

  test("keeps the square: a symptom speaks for its own failure mode and for no other", () => {
    const cells = square(
      failureModes,
      recordings().map((path) => readRecording(path)),
    );
    console.log(`The square of this run's recordings:\n${drawSquare(cells)}`);
    expect(squareFaults(cells)).toEqual([]);
  });

  test("changes no sysctl, interface or nft table of the host", () => {
    expect(Object.keys(before.sysctls).length).toBeGreaterThan(100);
    expect(before.interfaces).toContain("lo");
    expect(after).toEqual(before);
  });
});
