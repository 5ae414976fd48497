import { spawnSync } from "node:child_process";
import { entryCommand } from "../../harness/lab/entry.ts";
import type { Bench } from "../bench.ts";
import { programFile, type Examined } from "./doctor/examined.ts";

/** The bar: a look at so many sockets, and so many descriptors of so many processes, in this time and memory. */
const SOCKETS = 30_000;
const PROCESSES = 50;
const BAR = { lookMs: 500, megabytes: 100 };
/** Descriptors of all processes together: those of the bar, and 5,000 for each process, which has no bar. */
const BETWEEN_THEM = 5_000;
const EACH = 5_000 * PROCESSES;
const BOUND_MS = 300_000;

/** Measures `lastack doctor` on a namespace with many sockets and processes: the longest look, and the most memory of its process. */
export const bench: Bench = {
  name: "doctor",
  summary: `lastack doctor on ${SOCKETS} sockets and ${PROCESSES} processes with ${BETWEEN_THEM} descriptors: a look in ${BAR.lookMs} ms, in ${BAR.megabytes} MB`,
  run() {
    let met = true;
    for (const descriptors of [BETWEEN_THEM, EACH]) {
      const one = measure(descriptors);
      const { longestLookMs, looks, megabytes, sockets, processes } = one;
      console.log(
        `  ${sockets} sockets, ${processes} processes, ${one.descriptors} descriptors: longest look ${longestLookMs.toFixed(0)} ms of ${looks}, ${megabytes.toFixed(0)} MB`,
      );
      if (descriptors === BETWEEN_THEM) met = longestLookMs < BAR.lookMs && megabytes < BAR.megabytes;
    }
    console.log(
      `  bar          ${BAR.lookMs} ms, ${BAR.megabytes} MB, on the first: ${met ? "met" : "missed"}`,
    );
    return Promise.resolve(met ? 0 : 1);
  },
};

function measure(descriptors: number): Examined {
  const words = [SOCKETS, PROCESSES, descriptors].map(String);
  const { executable, args } = entryCommand([process.execPath, "--import", "tsx", programFile, ...words]);
  const bound = { timeout: BOUND_MS, killSignal: "SIGKILL" } as const;
  const { stdout, stderr } = spawnSync(executable, args, { encoding: "utf8", ...bound });
  if (!stdout.startsWith("{")) throw new Error(`the measuring process printed nothing: ${stderr.trim()}`);
  return JSON.parse(stdout) as Examined;
}
