import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CostSample, Sample } from "../../harness/model/sample.ts";
import type { Bench } from "../bench.ts";
import { median } from "../../harness/measure/median.ts";

const main = fileURLToPath(new URL("../../dist/harness/cli/main.js", import.meta.url));

const BAR_MS = 250;
/** The share of the CPU time of a trial and its programs that sampling the pressure may use. */
const MOST_PRESSURE = 0.02;
const ROUNDS = 5;
const EXPERIMENT = "close-wait-leak";
const VARIANT = "buggy";

/**
 * The CPU time of the trial's own process, which includes the observers, from the `cost` sample of the recording. Servers and clients
 * are other processes and are not included.
 */
export const bench: Bench = {
  name: "trial",
  summary: `CPU of a trial (${EXPERIMENT}/${VARIANT}) and its observers, median of ${ROUNDS}, under ${BAR_MS} ms`,
  run() {
    const costs: CostSample[] = [];
    for (let round = 0; round < ROUNDS; round += 1) costs.push(costOfTrial());
    const cpuMs = costs.map(({ trialCpuMs }) => trialCpuMs);
    const middle = median(cpuMs);
    const share = median(costs.map(pressureShare));
    const met = middle < BAR_MS && share < MOST_PRESSURE;
    console.log(
      `  trial process   ${middle.toFixed(0)} ms CPU   (${cpuMs.map((ms) => ms.toFixed(0)).join(", ")})`,
    );
    for (const name of new Set(costs.flatMap(({ observers }) => Object.keys(observers)))) {
      const rows = costs.flatMap(({ observers }) => observers[name] ?? []);
      const totalMs = median(rows.map((row) => row.totalMs));
      const looks = median(rows.map((row) => row.looks));
      console.log(
        `    ${name.padEnd(14)}${totalMs.toFixed(0)} ms in ${looks} looks, the longest ${longest(rows)} ms`,
      );
    }
    console.log(`  pressure        ${(share * 100).toFixed(1)} % of the CPU of the trial and its programs`);
    console.log(
      `  bar             ${BAR_MS} ms, and ${MOST_PRESSURE * 100} % for the pressure: ${met ? "met" : "missed"}`,
    );
    return Promise.resolve(met ? 0 : 1);
  },
};

/** The CPU time for sampling the pressure, as a share of the whole CPU time. */
function pressureShare({ trialCpuMs, programsCpuMs = 0, observers }: CostSample): number {
  return (observers["pressure"]?.cpuMs ?? Number.NaN) / (trialCpuMs + programsCpuMs);
}

/** Runs one trial and returns its `cost` sample. Throws when it recorded none. */
function costOfTrial(): CostSample {
  const folder = mkdtempSync(join(tmpdir(), "lastack-bench-"));
  try {
    const args = ["run", EXPERIMENT, "--variant", VARIANT, "--json", "--out", folder];
    const { status, stderr } = spawnSync(process.execPath, [main, ...args], {
      encoding: "utf8",
      timeout: 120_000,
    });
    if (status !== 0) throw new Error(`lastack ${args.join(" ")} exited with ${status}: ${stderr.trim()}`);
    const [recording] = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".ndjson"),
    );
    if (recording === undefined) throw new Error("the run left no recording");
    const samples = readFileSync(join(folder, recording), "utf8").trimEnd().split("\n");
    const cost = samples.map((line) => JSON.parse(line) as Sample).findLast(({ kind }) => kind === "cost");
    if (cost?.kind !== "cost") throw new Error("the recording has no cost sample");
    return cost;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function longest(rows: { longestMs: number }[]): string {
  return Math.max(...rows.map(({ longestMs }) => longestMs)).toFixed(1);
}
