import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Bench } from "../bench.ts";
import { median } from "../../harness/measure/median.ts";
import { delayErrorsUs } from "./wire/delay.ts";
import { packetsPerSecond } from "./wire/flood.ts";
import { roundTripsUs } from "./wire/round-trip.ts";

const BARS = { packetsPerSecond: 100_000, addedUs: 200, delayErrorUs: 500 };
const DELAY_MS = 20;
/** The same options as for the wire itself, because this process waits for frames too. */
const UNHURRIED = ["--single-threaded-gc", "--min-semi-space-size=16"];
const path = fileURLToPath(import.meta.url);

/**
 * Measures three figures, each with its bar:
 * - How many packets a second pass. A process on the other core sends a flood of segments; the interface of the far host counts them.
 * - How much time the wire adds to a round trip of one byte over TCP, in turns with a direct link between the same two processes.
 * - The error of a set delay while another process keeps a core busy. The time is from sending a frame until a process that waits for
 *   it receives it, so the wake-up of that process is included.
 */
export const bench: Bench = {
  name: "wire",
  summary: `packets a second (at least ${BARS.packetsPerSecond}), round trip added (at most ${BARS.addedUs} us), a delay's error at p99 (at most ${BARS.delayErrorUs} us)`,
  run() {
    const user = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
    const command = [...user, "--net", process.execPath, ...UNHURRIED, "--import", "tsx", path];
    const { status, error } = spawnSync("unshare", command, { stdio: "inherit", timeout: 120_000 });
    if (error !== undefined) throw error;
    if (status !== 0 && status !== 1) throw new Error(`unshare ${command.join(" ")} ended with ${status}`);
    return Promise.resolve(status);
  },
};

/** Runs inside the namespace. Returns whether all bars are met. */
async function measure(): Promise<boolean> {
  const met: boolean[] = [];
  const say = (what: string, figure: string, bar: string, isMet: boolean): void => {
    met.push(isMet);
    console.log(`  ${what.padEnd(26)}${figure.padEnd(46)}bar ${bar}: ${isMet ? "met" : "missed"}`);
  };

  const flood = await packetsPerSecond();
  for (const { name, perSecond, cpuPercent } of flood) {
    const figure = `${perSecond.toFixed(0)} packets/s, ${cpuPercent.toFixed(0)} % of one core`;
    say(name, figure, `${BARS.packetsPerSecond}`, perSecond >= BARS.packetsPerSecond);
  }

  const { direct, wire } = await roundTripsUs();
  const addedUs = median(wire) - median(direct);
  const trips = `${addedUs.toFixed(0)} us (${median(wire).toFixed(0)} us, direct ${median(direct).toFixed(0)} us)`;
  say("round trip added, median", trips, `${BARS.addedUs} us`, addedUs <= BARS.addedUs);

  const errors = (await delayErrorsUs(DELAY_MS)).toSorted((a, b) => a - b);
  const at = (fraction: number): string => `${errors[Math.floor(errors.length * fraction)]!.toFixed(0)} us`;
  const worst = errors[Math.floor(errors.length * 0.99)]!;
  const late = `p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(0.9999)} of ${errors.length}`;
  say(`error of ${DELAY_MS} ms of delay`, late, `${BARS.delayErrorUs} us`, worst <= BARS.delayErrorUs);
  return met.every(Boolean);
}

if (process.argv[1] === path) process.exitCode = (await measure()) ? 0 : 1;
