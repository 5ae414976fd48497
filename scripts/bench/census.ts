import { spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { currentNamespace } from "../../harness/kernel/namespace.ts";
import { entryCommand } from "../../harness/lab/entry.ts";
import { observeSockets } from "../../harness/observers/sockets.ts";
import type { Bench } from "../bench.ts";
import { absentRow, count, type Counted, HEADINGS, ratioOf, rowOf, spread } from "./census/growth.ts";
import { makeTimeWait } from "./census/time-wait.ts";

/** Numbers of sockets, and rounds for each. A million has few rounds, because a round takes seconds and the sockets last only 60 s. */
const SIZES = new Map([
  [1_000, 15],
  [10_000, 15],
  [30_000, 15],
  [100_000, 7],
  [1_000_000, 3],
]);
/** The number of sockets of the bar. */
const BAR_AT = 30_000;
const BAR = 1 / 3;
/** Memory for each socket, about twice the need: its bucket has 256 bytes, and its address and port need some too. */
const BYTES_EACH = 1_000;
/** The first sockets end 60 s after they were made, and the rounds need time too. */
const MADE_WITHIN_S = 40;
const BOUND_MS = 90_000;
const MOMENT = { atUs: 0, phase: "load" } as const;
const path = fileURLToPath(import.meta.url);

/**
 * Measures the time of one sample of the sockets observer and of one run of `ss -tan`, in turns, on the same TIME-WAIT sockets. Each
 * number of sockets has its own network namespace. ss writes to /dev/null, so it formats its text but waits for no reader. Its time is
 * from spawn to exit; the time of a process that does nothing is printed too. `--most N`: at most N sockets.
 */
export const bench: Bench = {
  name: "census",
  summary: `a census of ${count(BAR_AT)} TIME-WAIT sockets, median of ${SIZES.get(BAR_AT)}, in at most 1/3 of the time of ss -tan`,
  run(args) {
    const { values } = parseArgs({ args, options: { most: { type: "string" } } });
    const most = Number(values.most ?? Infinity);
    if (!(most >= BAR_AT)) throw new Error(`--most takes a number from ${BAR_AT}, not ${values.most}`);
    console.log(`  ${HEADINGS}`);
    let ratio = Number.NaN;
    for (const [size, rounds] of SIZES) {
      if (size > most) continue;
      const counted = countApart(size, rounds);
      console.log(`  ${typeof counted === "string" ? absentRow(size, counted) : rowOf(counted)}`);
      if (size === BAR_AT && typeof counted !== "string") ratio = ratioOf(counted);
    }
    const idle = Array.from({ length: 15 }, () => time(() => run("true", [])));
    console.log(`  a process that does nothing: ${spread(idle)} ms`);
    console.log(`  both counted the same sockets at every size, before and after`);
    const met = ratio <= BAR;
    console.log(`  bar          ${BAR.toFixed(3)} of ss at ${count(BAR_AT)}: ${met ? "met" : "missed"}`);
    return Promise.resolve(met ? 0 : 1);
  },
};

/** Makes and counts the sockets in a new namespace. Returns a sentence with the reason when that was not possible. */
function countApart(size: number, rounds: number): Counted | string {
  const free =
    1024 * Number(/^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync("/proc/meminfo", "latin1"))?.[1]);
  if (!(free > size * BYTES_EACH)) return `they need up to ${(size * BYTES_EACH) / 1e6} MB of memory`;
  const { executable, args } = entryCommand([
    ...[process.execPath, "--import", "tsx", path],
    ...[`${size}`, `${rounds}`],
  ]);
  // unshare ignores SIGTERM while it waits for its child.
  const bound = { timeout: BOUND_MS, killSignal: "SIGKILL" } as const;
  const { status, error, stdout, stderr } = spawnSync(executable, args, { encoding: "utf8", ...bound });
  if (error !== undefined) return error.message;
  if (status === 0) return JSON.parse(stdout) as Counted;
  return /^Error: (.*)$/m.exec(stderr)?.[1] ?? `the measuring process ended with ${status}: ${stderr.trim()}`;
}

/** Runs inside the namespace. */
async function measure(size: number, rounds: number): Promise<Counted> {
  await makeTimeWait(size, MADE_WITHIN_S);
  const observer = observeSockets({ name: "here", namespace: currentNamespace("here") });
  const nowhere = openSync("/dev/null", "w");
  const census = (): number => {
    const { groups } = observer.look(MOMENT);
    return groups.reduce((sum, group) => sum + group.count, 0);
  };
  const counted: Counted = { sockets: agreed(census()), ours: [], theirs: [] };
  for (let round = 0; round < rounds; round += 1) {
    counted.ours.push(time(census));
    counted.theirs.push(time(() => run("ss", ["-tan"], nowhere)));
  }
  const after = agreed(census());
  closeSync(nowhere);
  observer.close();
  if (counted.sockets !== size || after !== size)
    throw new Error(`${counted.sockets} sockets before, ${after} after, not ${size}`);
  return counted;
}

/** Returns our count. Throws when ss shows another number of lines. */
function agreed(ours: number): number {
  const { stdout } = spawnSync("sh", ["-c", "ss -Htan | wc -l"], { encoding: "utf8" });
  const theirs = Number(stdout);
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

if (process.argv[1] === path) {
  const [size, rounds] = process.argv.slice(2).map(Number);
  console.log(JSON.stringify(await measure(size!, rounds!)));
}
