// npm run record -- ID ...: makes the reference recordings of experiments afresh. Only a confirmed trial becomes one.
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
import { judgeVariant } from "../harness/verdict/judge.ts";

const MOST_BYTES = 200_000;

interface RunDocument {
  experiments: { id: string; variants: Record<string, { outcome: string; recording: string | null }> }[];
}

function main(ids: string[]): Promise<number> {
  if (ids.length === 0 || ids.includes("--help")) {
    console.error('usage: npm run record -- ID ...   (or "*" for the whole catalogue)');
    return Promise.resolve(64);
  }
  const out = mkdtempSync(join(tmpdir(), "lastack-record-"));
  return record(ids, out).finally(() => rmSync(out, { recursive: true, force: true }));
}

async function record(ids: string[], out: string): Promise<number> {
  const args = [compiled("harness/cli/main.js"), "run", ...ids, "--json", "--out", out];
  const ran = spawnSync(process.execPath, args, {
    cwd: packageRoot,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (ran.stdout === "") return ran.status ?? 70;
  const document = JSON.parse(ran.stdout) as RunDocument;
  const catalogue = await loadCatalogue();
  let bad = 0;
  for (const { id, variants } of document.experiments) {
    const experiment = catalogue.find((entry) => entry.experiment.id === id)?.experiment;
    for (const [variant, { outcome, recording: path }] of Object.entries(variants)) {
      if (experiment === undefined || path === null || outcome !== "confirmed") {
        bad += 1;
        console.error(`${id}/${variant} is ${outcome}: its reference stays as it was`);
        continue;
      }
      const whole = readRecording(resolve(packageRoot, path));
      if (starvation(whole) !== null) {
        bad += 1;
        console.error(
          `${id}/${variant}: the machine had no time for it, so that its reference stays as it was`,
        );
        continue;
      }
      const thinned = thin(whole);
      const text = recordingText(thinned);
      const again = judgeVariant(experiment, variant, thinned).outcome;
      if (again !== outcome || text.length >= MOST_BYTES) {
        bad += 1;
        console.error(
          `${id}/${variant}: thinned to ${text.length} bytes it is ${again}; it must be confirmed and under ${MOST_BYTES}`,
        );
        continue;
      }
      const reference = referencePath(packageRoot, id, variant);
      mkdirSync(dirname(reference), { recursive: true });
      writeFileSync(reference, text);
      console.log(`${id}/${variant}: ${text.length} bytes`);
    }
  }
  return bad === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
