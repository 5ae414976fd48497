// npm run record -- ID ...: makes new reference recordings of experiments. Only a confirmed trial becomes a reference.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { loadCatalogue } from "../harness/runs/catalogue.ts";
import { compiled, packageRoot } from "../harness/lab/paths.ts";
import { starvation } from "../harness/measure/starvation.ts";
import { recordingText } from "../harness/recording/line.ts";
import { referencePath } from "../harness/recording/place.ts";
import { readRecording } from "../harness/recording/read.ts";
import { thin } from "../harness/recording/thin.ts";
import type { Experiment } from "../harness/model/experiment.ts";
import { judgeVariant } from "../harness/verdict/judge.ts";

const MOST_BYTES = 200_000;
/** How many times a trial is run if the machine was too busy for it. */
const MOST_ROUNDS = 3;

interface Told {
  outcome: string;
  recording: string | null;
  forWantOfTime?: true;
}

interface RunDocument {
  experiments: { id: string; variants: Record<string, Told> }[];
}

/** The result for one variant: its reference is written, or the reason why not. `starved`: another run can help. */
type Recorded = { bytes: number } | { because: string; starved?: true };

function main(ids: string[]): Promise<number> {
  if (ids.length === 0 || ids.includes("--help")) {
    console.error('usage: npm run record -- ID ...   (or "*" for the whole catalogue)');
    return Promise.resolve(64);
  }
  const out = mkdtempSync(join(tmpdir(), "lastack-record-"));
  return record(ids, out).finally(() => rmSync(out, { recursive: true, force: true }));
}

async function record(ids: string[], out: string): Promise<number> {
  const results = new Map<string, Recorded>();
  let again = ids;
  for (let round = 1; again.length > 0 && round <= MOST_ROUNDS; round += 1) {
    const document = run(again, out);
    if (typeof document === "number") return document;
    again = await writeReferences(document, results);
  }
  return [...results.values()].every((result) => "bytes" in result) ? 0 : 1;
}

/** Runs experiments. Returns the exit code when nothing could be run. */
function run(ids: string[], out: string): RunDocument | number {
  const args = [compiled("harness/cli/main.js"), "run", ...ids, "--json", "--out", out];
  const { stdout, status } = spawnSync(process.execPath, args, {
    cwd: packageRoot,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return stdout === "" ? (status ?? 70) : (JSON.parse(stdout) as RunDocument);
}

/** Writes the references of variants that this command has not written yet. Returns the experiments that must be run again. */
async function writeReferences(document: RunDocument, results: Map<string, Recorded>): Promise<string[]> {
  const catalogue = await loadCatalogue();
  const starved = new Set<string>();
  for (const { id, variants } of document.experiments) {
    const experiment = catalogue.find((entry) => entry.experiment.id === id)?.experiment;
    for (const [variant, told] of Object.entries(variants)) {
      const name = `${id}/${variant}`;
      const before = results.get(name);
      if (before !== undefined && !("starved" in before)) continue;
      const result = writeReference(experiment, id, variant, told);
      results.set(name, result);
      if ("bytes" in result) console.log(`${name}: ${result.bytes} bytes`);
      else console.error(`${name} ${result.because}; its reference is unchanged`);
      if ("starved" in result) starved.add(id);
    }
  }
  return [...starved];
}

function writeReference(
  experiment: Experiment | undefined,
  id: string,
  variant: string,
  { outcome, recording: path, forWantOfTime }: Told,
): Recorded {
  const starved: Recorded = { because: "had too little time on a busy machine", starved: true };
  if (forWantOfTime === true) return starved;
  if (experiment === undefined || path === null || outcome !== "confirmed")
    return { because: `is ${outcome} ("npx lastack run ${id}" shows why)` };
  const whole = readRecording(resolve(packageRoot, path));
  if (starvation(whole) !== null) return starved;
  const thinned = thin(whole);
  const text = recordingText(thinned);
  const again = judgeVariant(experiment, variant, thinned).outcome;
  if (again !== outcome || text.length >= MOST_BYTES) {
    const must = `must be confirmed and under ${MOST_BYTES} bytes`;
    return { because: `is ${again} after thinning to ${text.length} bytes, and ${must}` };
  }
  const reference = referencePath(packageRoot, id, variant);
  mkdirSync(dirname(reference), { recursive: true });
  writeFileSync(reference, text);
  return { bytes: text.length };
}

process.exitCode = await main(process.argv.slice(2));
