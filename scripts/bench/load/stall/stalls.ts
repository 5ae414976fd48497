import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { inside, type NetworkNamespace } from "../../../../harness/kernel/namespace.ts";
import { compiled } from "../../../../harness/lab/paths.ts";
import type { LoadEndLine, LoadLine } from "../../../../harness/load/line.ts";
import { percentile } from "../../../../harness/measure/percentile.ts";
import { PORT } from "../nginx.ts";
import type { Conditions } from "../quiet.ts";
import type { Verdict } from "../table.ts";
import { readHey, readOurs, readWrk, type Told } from "../told.ts";
import { find } from "../tools.ts";
import { generate, type Generator, inOwnNamespace } from "../turn.ts";
import { SCHEDULE, waitsUs } from "./schedule.ts";
import { errorOf, HEADINGS, rowOf, type Stalled } from "./table.ts";

const ROUNDS = 3;
/** A number of whole periods, so that every part of the schedule has the same weight. */
const SECONDS = 2;
const RATE = 1000;
const CONNECTIONS = 10;
/**
 * The allowed error, as a part of the true p99, which is about 190 ms: 9.5 ms. The path and the histogram cost half a millisecond, and a
 * core that others use too costs some more. A closed loop's error is nine tenths.
 */
const BAR = 0.05;
const serverPath = fileURLToPath(new URL("server.ts", import.meta.url));
const TO = `127.0.0.1:${PORT}`;

/** The results of a generator, and when its first attempt was due; null: its attempts have no due times. */
interface Looped {
  told: Told;
  fromUs: number | null;
}

/**
 * Loads a server that stalls for a fifth of the time, by a schedule. The p99 of an open loop is compared with the true p99, which follows
 * from the schedule and the due times of its attempts. A closed loop has no due times; its true p99 is that of requests at the same rate.
 */
export async function measureStalls({ cores, turns }: Conditions): Promise<Verdict[]> {
  const [open, ...closed] = loops();
  const measured = new Map<Generator<Looped>, Stalled[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const loop of [open, ...closed])
      measured.set(loop, [...(measured.get(loop) ?? []), await turns.take(() => takeStalled(loop, cores))]);
  }
  console.log(
    `\n  a server that stalls for ${SCHEDULE.stallUs / 1000} ms of every second, ${ROUNDS} rounds of ${SECONDS} s`,
  );
  console.log(`  ${HEADINGS}`);
  for (const [{ name }, rounds] of measured) console.log(`  ${rowOf(name, rounds)}`);
  const error = errorOf(measured.get(open) ?? []);
  const met = Math.abs(error) <= BAR;
  const bar = `bar open loop's p99 within ${BAR * 100} % of the true one`;
  return [{ met, text: `${bar}: ${(error * 100).toFixed(2)} %, ${met ? "met" : "missed"}` }];
}

function loops(): [Generator<Looped>, ...Generator<Looped>[]] {
  const all = `${CONNECTIONS}`;
  const ours = (name: string, options: string[]): Generator<Looped> => ({
    name,
    command: (seconds) => [
      ...[process.execPath, compiled("clients/long-http.js"), "--to", TO, "--report", "histograms"],
      ...[...options, "--warm-up-ms", "1000", "--duration-ms", `${(seconds + 1) * 1000}`],
    ],
    read: (said) => ({ told: readOurs(said), fromUs: measuredFromUs(said) }),
  });
  const tools = [
    { name: "wrk", options: ["-t", "1", "--latency", "-c", all, "-d"], read: readWrk },
    { name: "hey", options: ["-c", all, "-z"], read: readHey },
  ] as const;
  const theirs = tools.flatMap(({ name, options, read }): Generator<Looped>[] => {
    const path = find(name);
    if (path === null) return [];
    const command = (seconds: number): string[] => [path, ...options, `${seconds}s`, `http://${TO}/`];
    return [
      { name: `${name}, ${all} connections`, command, read: (said) => ({ told: read(said), fromUs: null }) },
    ];
  });
  return [
    ours(`lastack, open, ${RATE} a second`, ["--open", "--rate", `${RATE}`, "--concurrency", "1000"]),
    ours(`lastack, ${all} connections`, ["--concurrency", all]),
    ...theirs,
  ];
}

/** The end of the warm-up: one second before the end of the first second in the output. */
function measuredFromUs(said: string): number {
  const [first] = said.split("\n", 1);
  const line = JSON.parse(first ?? "") as LoadLine | LoadEndLine;
  return line.monotonicUs - 1_000_000;
}

function takeStalled(loop: Generator<Looped>, { server, generator }: Conditions["cores"]): Promise<Stalled> {
  return inOwnNamespace(loop.name, async (namespace) => {
    const end = await startServer(namespace, server);
    try {
      const { told, fromUs } = await generate(loop, SECONDS, generator, namespace);
      if (told.failures > 0) throw new Error(`${loop.name} had ${told.failures} failures`);
      const waits = waitsUs(SCHEDULE, fromUs ?? 0, RATE, SECONDS);
      return { ...told, trueP99Ms: (percentile(waits, 99) ?? Number.NaN) / 1000 };
    } finally {
      await end();
    }
  });
}

/** Starts the server that stalls, and waits until it listens. The returned function ends it. */
async function startServer(namespace: NetworkNamespace, core: number): Promise<() => Promise<unknown>> {
  const command = ["-c", `${core}`, process.execPath, "--import", "tsx", serverPath, `${PORT}`];
  const child = inside(namespace, () => spawn("taskset", command, { stdio: ["ignore", "pipe", "inherit"] }));
  const exited = once(child, "exit");
  const ready = once(createInterface(child.stdout), "line");
  const first = await Promise.race([ready, exited.then(() => null)]);
  if (first === null) throw new Error("the server that stalls did not listen");
  return () => {
    child.kill("SIGTERM");
    return exited;
  };
}
