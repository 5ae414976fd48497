import { median } from "../../median.ts";
import { type Arm, armsOf, type Mode, oursWith } from "./arms.ts";
import { ratioOf, ratioText, type Ratio } from "./bars.ts";
import { orderOf } from "./order.ts";
import type { Conditions } from "./quiet.ts";
import { type BenchServer, SERVERS } from "./servers.ts";
import type { Verdict } from "./table.ts";
import type { Told } from "./told.ts";
import { find, SOURCES } from "./tools.ts";
import { generate, inOwnNamespace } from "./turn.ts";

const CONNECTIONS = [1, 10, 50, 500];
const MODES: Mode[] = ["short", "keep-alive"];
/** Ours must answer at least as many requests a second as wrk does, whatever the server. */
const LEAST = 1;
const WIDTHS = [10, 13, 12, 22, 22, 20, 0];

/** One comparison: a server, a mode, a number of connections. */
interface Cell {
  server: string;
  mode: Mode;
  connections: number;
}

/** Compares ours with wrk against several servers and with several numbers of connections. Prints a row for each, and returns one verdict. */
export async function measureServers(conditions: Conditions): Promise<Verdict[]> {
  const wrk = find("wrk");
  if (wrk === null) return [missed(`not measured: wrk is not installed: ${SOURCES.wrk}`)];
  console.log("");
  const headings = [
    "",
    "connections",
    "",
    "lastack, requests/s",
    "wrk, requests/s",
    "lastack / wrk",
    "p99 ms",
  ];
  console.log(`  ${line(headings)}`);
  const below: string[] = [];
  let rows = 0;
  for (const server of SERVERS) {
    const absence = server.absence();
    if (absence !== null) below.push(absence);
    for (const cell of absence === null ? cellsOf(server.name) : []) {
      const arms = pairOf(cell, wrk);
      try {
        const [ours, theirs] = await inTurns(server, arms, conditions);
        const ratio = ratioOf(ours.map(rate), theirs.map(rate));
        console.log(`  ${line(rowOf(cell, ours, theirs, ratio))}`);
        if (ratio.ofMedians < LEAST) below.push(`${nameOf(cell)} ${ratioText(ratio)}`);
      } catch (error) {
        below.push(`${nameOf(cell)} not measured: ${error instanceof Error ? error.message : String(error)}`);
      }
      rows += 1;
    }
  }
  const met = below.length === 0;
  return [
    met
      ? { met, text: `${BAR}met in all ${rows}` }
      : missed(`missed in ${below.length}: ${below.join("; ")}`),
  ];
}

const BAR = `bar other servers and numbers of connections at least ${LEAST.toFixed(2)} x wrk: `;
const missed = (why: string): Verdict => ({ met: false, text: `${BAR}${why}` });
const rate = ({ perSecond }: Told): number => perSecond;

function cellsOf(server: string): Cell[] {
  return CONNECTIONS.flatMap((connections) => MODES.map((mode) => ({ server, mode, connections })));
}

function nameOf({ server, mode, connections }: Cell): string {
  return `${server}, ${mode}, ${connections}:`;
}

function pairOf({ mode, connections }: Cell, wrk: string): [Arm, Arm] {
  const of = (arms: Arm[]): Arm | undefined => arms.find((arm) => arm.mode === mode);
  const [ours, theirs] = [of(oursWith(connections)), of(armsOf("wrk", wrk, connections))];
  if (ours === undefined || theirs === undefined) throw new Error(`there is no arm for ${mode}`);
  return [ours, theirs];
}

/** The turns of two generators, in turns: in each round both, and each is the first in every second round. */
async function inTurns(
  server: BenchServer,
  arms: [Arm, Arm],
  { rounds, seconds, cores, folder, turns }: Conditions,
): Promise<[Told[], Told[]]> {
  const told: [Told[], Told[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    for (const arm of orderOf(arms, round)) {
      const one = await turns.take(() =>
        inOwnNamespace(server.name, async (namespace) => {
          const running = await server.start(namespace, cores.server, folder);
          try {
            return await generate(arm, seconds, cores.generator, namespace);
          } finally {
            await running.end();
          }
        }),
      );
      if (one.failures > 0) throw new Error(`${arm.name} counted ${one.failures} failures`);
      told[arm === arms[0] ? 0 : 1].push(one);
    }
  }
  return told;
}

function rowOf({ server, mode, connections }: Cell, ours: Told[], theirs: Told[], ratio: Ratio): string[] {
  const rates = (told: Told[]): string => {
    const all = told.map(rate);
    return `${count(median(all))} (${count(Math.min(...all))}-${count(Math.max(...all))})`;
  };
  const p99 = (told: Told[]): string => {
    const all = told.flatMap(({ p99Ms }) => p99Ms ?? []);
    return all.length === 0 ? "-" : `${Number(median(all).toFixed(3))}`;
  };
  const latency = `${p99(ours)} and ${p99(theirs)}`;
  return [server, `${connections}`, mode, rates(ours), rates(theirs), ratioText(ratio), latency];
}

function count(perSecond: number): string {
  return Math.round(perSecond).toLocaleString("en");
}

function line(cells: string[]): string {
  return cells
    .map((cell, column) => cell.padEnd(WIDTHS[column] ?? 0))
    .join("")
    .trimEnd();
}
