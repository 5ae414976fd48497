import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Bench } from "../bench.ts";
import { median } from "../../harness/measure/median.ts";

const main = fileURLToPath(new URL("../../dist/harness/cli/main.js", import.meta.url));

const BAR_MS = 200;
const ROUNDS = 15;

/**
 * Measures the time of `lastack --help` from spawn to exit, in turns with a Node that does nothing. A slow machine affects both, and
 * their difference is lastack's own time.
 */
export const bench: Bench = {
  name: "cli",
  summary: `lastack --help, median of ${ROUNDS}, under ${BAR_MS} ms`,
  run() {
    const helpMs: number[] = [];
    const nothingMs: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      nothingMs.push(timeNode(["-e", "0"]));
      helpMs.push(timeNode([main, "--help"]));
    }
    const help = median(helpMs);
    const nothing = median(nothingMs);
    const met = help < BAR_MS;
    console.log(`  lastack --help   ${help.toFixed(0)} ms   (${range(helpMs)})`);
    console.log(`  node -e 0        ${nothing.toFixed(0)} ms   (${range(nothingMs)})`);
    console.log(`  lastack's own    ${(help - nothing).toFixed(0)} ms`);
    console.log(`  bar              ${BAR_MS} ms: ${met ? "met" : "missed"}`);
    return Promise.resolve(met ? 0 : 1);
  },
};

/** Wall time of one run of Node in milliseconds. Throws when the run fails, because the time of a crash means nothing. */
function timeNode(args: string[]): number {
  const begun = performance.now();
  const { status, stderr, error } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 10_000 });
  const tookMs = performance.now() - begun;
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`node ${args.join(" ")} exited with ${status}: ${stderr.trim()}`);
  return tookMs;
}

function range(values: number[]): string {
  return `${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`;
}
