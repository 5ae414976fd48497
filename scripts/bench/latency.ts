import { fileURLToPath } from "node:url";
import { compiled } from "../../harness/lab/paths.ts";
import type { Bench } from "../bench.ts";
import { median } from "../../harness/measure/median.ts";
import { agreementOf, type Percentiles } from "./latency/agreement.ts";
import { runApart } from "./load/apart.ts";
import type { Arm } from "./load/arms.ts";
import { twoCores } from "./load/cores.ts";
import { readFigures } from "./load/figures.ts";
import { coverInMemory } from "./load/memory.ts";
import { PORT } from "./load/nginx.ts";
import { orderOf } from "./load/order.ts";
import { readOurs, readWrk } from "./load/told.ts";
import { find, SOURCES } from "./load/tools.ts";
import { takeTurn } from "./load/turn.ts";
import { columns } from "../columns.ts";

const ROUNDS = 5;
const SECONDS = 2;
const CONNECTIONS = [1, 5, 50];
/** The bar is for one connection, because then neither generator has two answers to read at once. */
const BAR_AT = 1;
const FOLDER = "/run";
const row = columns([13, 22, 22, 12, 22, 22, 12]);
const line = (cells: string[]): string => `  ${row(cells)}`;
const path = fileURLToPath(import.meta.url);

/** Compares our latencies with wrk's for the same keep-alive load. Both run on one core, nginx on the other. */
export const bench: Bench = {
  name: "latency",
  summary: `keep-alive p50 and p99 at ${BAR_AT} connection, compared with wrk; their difference at most the spread of wrk's own rounds`,
  run(args) {
    const { rounds, seconds } = readFigures(args, { rounds: ROUNDS, seconds: SECONDS });
    return runApart(path, [`${rounds}`, `${seconds}`]);
  },
};

/** Runs inside new namespaces. Returns whether the bar is met. */
async function measure(rounds: number, seconds: number): Promise<boolean> {
  const cores = twoCores();
  coverInMemory(FOLDER);
  for (const tool of ["nginx", "wrk"] as const)
    if (find(tool) === null) throw new Error(`${tool} is not installed: ${SOURCES[tool]}`);
  console.log(`  ${rounds} rounds of ${seconds} s; p50 and p99 in ms, median (min-max)`);
  console.log(line(["connections", "lastack p50", "wrk p50", "", "lastack p99", "wrk p99", "", "cycle"]));
  let met = true;
  for (const connections of CONNECTIONS) {
    const seen = { ours: [] as Percentiles[], wrk: [] as Percentiles[], cycleMs: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      for (const arm of orderOf([ours(connections), wrk(connections)], round)) {
        const { told } = await takeTurn(arm, seconds, cores, FOLDER);
        if (told.failures > 0 || told.p50Ms === null || told.p99Ms === null)
          throw new Error(`${arm.name} had ${told.failures} failures, or no percentiles`);
        const { p50Ms, p99Ms } = told;
        seen[arm.name as "ours" | "wrk"].push({ p50Ms, p99Ms });
        if (arm.name === "ours") seen.cycleMs.push((connections / told.perSecond) * 1000);
      }
    }
    const [p50, p99] = (["p50Ms", "p99Ms"] as const).map((which) => agreementOf(seen, which));
    if (p50 === undefined || p99 === undefined) throw new Error("nothing was measured");
    if (connections === BAR_AT) met = p50.within && p99.within;
    const cells = [p50, p99].flatMap(({ ours: mine, wrk: theirs, within }) => [
      ...[mine, theirs],
      within ? "within" : "apart",
    ]);
    console.log(line([`${connections}`, ...cells, median(seen.cycleMs).toFixed(3)]));
  }
  console.log(`  bar at ${BAR_AT} connection: ${met ? "met" : "missed"}`);
  return met;
}

/** Our client, with a warm-up in which Node compiles it. wrk needs none. */
function ours(connections: number): Arm {
  const command = (seconds: number): string[] => [
    ...[process.execPath, compiled("clients/long-http.js"), "--to", `127.0.0.1:${PORT}`],
    ...["--concurrency", `${connections}`, "--report", "histograms"],
    ...["--warm-up-ms", "500", "--duration-ms", `${seconds * 1000 + 500}`],
  ];
  return { name: "ours", mode: "keep-alive", command, read: readOurs };
}

function wrk(connections: number): Arm {
  const command = (seconds: number): string[] => [
    ...[find("wrk") ?? "wrk", "-t", "1", "-c", `${connections}`, "-d", `${seconds}s`, "--latency"],
    `http://127.0.0.1:${PORT}/`,
  ];
  return { name: "wrk", mode: "keep-alive", command, read: readWrk };
}

if (process.argv[1] === path) {
  const [rounds, seconds] = process.argv.slice(2);
  process.exitCode = (await measure(Number(rounds), Number(seconds))) ? 0 : 1;
}
