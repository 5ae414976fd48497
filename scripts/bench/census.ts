import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { currentNamespace } from "../../harness/kernel/namespace.ts";
import { observeSockets } from "../../harness/observers/sockets.ts";
import type { Bench } from "../bench.ts";
import { median } from "../median.ts";
import { TimeWaitMaker } from "./census/time-wait.ts";

const SIZES = [1_000, 10_000, 30_000];
/** Rounds at each size; the bar is for the last one. */
const ROUNDS = 15;
const BAR = 1 / 3;
const MOMENT = { atUs: 0, phase: "load" } as const;
const path = fileURLToPath(import.meta.url);

/**
 * Times, turn by turn, a look of the sockets observer and a whole run of `ss -tan`, on the same TIME-WAIT sockets in a
 * network namespace of their own. ss writes to /dev/null: nobody waits for its text, and it formats all the same. Its time is
 * from spawn to exit, and what a process costs that does nothing is printed beside it.
 */
export const bench: Bench = {
  name: "census",
  summary: `a census of ${count(SIZES.at(-1)!)} TIME-WAIT sockets, median of ${ROUNDS}, in at most 1/3 of the time of ss -tan`,
  run() {
    const user = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
    const command = [...user, "--net", process.execPath, "--import", "tsx", path];
    const { status, error } = spawnSync("unshare", command, { stdio: "inherit", timeout: 120_000 });
    if (error !== undefined) throw error;
    if (status !== 0 && status !== 1) throw new Error(`unshare ${command.join(" ")} ended with ${status}`);
    return Promise.resolve(status);
  },
};

/** Runs inside the namespace. Returns whether the bar is met. */
function measure(): boolean {
  run("ip", ["link", "set", "lo", "up"]);
  const sockets = new TimeWaitMaker();
  const observer = observeSockets({ name: "here", namespace: currentNamespace("here") });
  const nowhere = openSync("/dev/null", "w");
  const census = (): number => {
    const { groups } = observer.look(MOMENT);
    return groups.reduce((sum, group) => sum + group.count, 0);
  };
  const quiet = (program: string, args: string[]): void => run(program, args, nowhere);

  console.log(`  sockets      census ms (min-max)       ss -tan ms (min-max)      ratio   census us/socket`);
  let ratio = Number.NaN;
  for (const size of SIZES) {
    sockets.makeUpTo(size);
    const before = agreed(census());
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(time(census));
      theirs.push(time(() => quiet("ss", ["-tan"])));
    }
    const after = agreed(census());
    if (before !== after || after < size)
      throw new Error(`${before} sockets before, ${after} after, not ${size}`);
    ratio = median(ours) / median(theirs);
    const each = ((median(ours) * 1000) / after).toFixed(3);
    console.log(
      `  ${count(size).padEnd(10)}${spread(ours).padEnd(26)}${spread(theirs).padEnd(26)}${ratio.toFixed(3).padEnd(8)}${each}`,
    );
  }
  const idle = Array.from({ length: ROUNDS }, () => time(() => quiet("true", [])));
  console.log(`  a process that does nothing: ${spread(idle)} ms`);
  console.log(`  both counted the same sockets at every size, before and after`);
  const met = ratio <= BAR;
  console.log(`  bar          ${BAR.toFixed(3)} of ss: ${met ? "met" : "missed"}`);
  closeSync(nowhere);
  observer.close();
  return met;
}

/** Passes our count through when ss shows as many lines. */
function agreed(ours: number): number {
  const { stdout } = spawnSync("ss", ["-Htan"], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  const theirs = stdout.split("\n").length - 1;
  if (theirs !== ours) throw new Error(`we count ${ours} sockets, ss ${theirs}`);
  return ours;
}

function run(program: string, args: string[], output: number | "ignore" = "ignore"): void {
  const { status, error } = spawnSync(program, args, { stdio: ["ignore", output, "inherit"] });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} exited with ${status}`);
}

function time(work: () => unknown): number {
  const begun = performance.now();
  work();
  return performance.now() - begun;
}

/** `12.1 (11.4-15.0)`: the median, the least and the most. */
function spread(ms: number[]): string {
  return `${median(ms).toFixed(2)} (${Math.min(...ms).toFixed(2)}-${Math.max(...ms).toFixed(2)})`;
}

function count(sockets: number): string {
  return sockets.toLocaleString("en");
}

if (process.argv[1] === path) process.exitCode = measure() ? 0 : 1;
