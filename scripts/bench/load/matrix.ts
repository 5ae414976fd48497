import { median } from "../../../harness/measure/median.ts";
import { type Arm, armsOf, type Mode, oursWith } from "./arms.ts";
import { ratioOf, ratioText, type Ratio } from "./bars.ts";
import { coreBusy } from "./core-busy.ts";
import { orderOf } from "./order.ts";
import type { Conditions } from "./quiet.ts";
import { type BenchServer, SERVERS } from "./servers.ts";
import type { Verdict } from "./table.ts";
import type { Told } from "./told.ts";
import { find, SOURCES } from "./tools.ts";
import { generate, inOwnNamespace } from "./turn.ts";

const CONNECTIONS = [1, 10, 50, 500];
const SHARED_CONNECTIONS = 10;
const MODES: Mode[] = ["short", "keep-alive"];
/** Ours must answer at least as many requests a second as wrk does, whatever the server. */
const LEAST = 1;
const WIDTHS = [10, 13, 12, 28, 28, 20, 18, 0];

/** One comparison: a server, a mode, a number of connections. */
interface Cell {
  server: string;
  mode: Mode;
  connections: number;
  /** Whether the generator runs on the server's core. */
  sharesCore: boolean;
}

/** What a generator printed, and how much of its core the server used meanwhile, from 0 to 1. */
interface Turn {
  told: Told;
  serverBusy: number;
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
    "server's core",
  ];
  console.log(`  ${line(headings)}`);
  const below: string[] = [];
  let rows = 0;
  for (const server of SERVERS) {
    const absence = server.absence();
    if (absence !== null) below.push(absence);
    for (const cell of absence === null ? cellsOf(server.name) : []) {
      try {
        const [ours, theirs] = await inTurns(server, cell, pairOf(cell, wrk), conditions);
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
const rate = ({ told }: Turn): number => told.perSecond;

/** All numbers of connections on two cores; for nginx also both programs on one core. */
function cellsOf(server: string): Cell[] {
  const of = (connections: number, sharesCore: boolean): Cell[] =>
    MODES.map((mode) => ({ server, mode, connections, sharesCore }));
  const apart = CONNECTIONS.flatMap((connections) => of(connections, false));
  return server === "nginx" ? [...apart, ...of(SHARED_CONNECTIONS, true)] : apart;
}

function nameOf({ server, mode, connections, sharesCore }: Cell): string {
  return `${server}, ${mode}, ${connections}${sharesCore ? ", one core" : ""}:`;
}

function pairOf({ mode, connections }: Cell, wrk: string): [Arm, Arm] {
  const of = (arms: Arm[]): Arm | undefined => arms.find((arm) => arm.mode === mode);
  const [ours, theirs] = [of(oursWith(connections)), of(armsOf("wrk", wrk, connections))];
  if (ours === undefined || theirs === undefined) throw new Error(`there is no arm for ${mode}`);
  return [inBatches(ours), theirs];
}

/** The same with the scheduling policy that `lastack load` asks for in a closed loop (harness/kernel/urgency.ts). */
function inBatches(arm: Arm): Arm {
  return { ...arm, command: (seconds) => ["chrt", "--batch", "0", ...arm.command(seconds)] };
}

/** The turns of two generators, in turns: in each round both, and each is the first in every second round. */
async function inTurns(
  server: BenchServer,
  { sharesCore }: Cell,
  arms: [Arm, Arm],
  { rounds, seconds, cores, folder, turns }: Conditions,
): Promise<[Turn[], Turn[]]> {
  const core = sharesCore ? cores.server : cores.generator;
  const taken: [Turn[], Turn[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    for (const arm of orderOf(arms, round)) {
      const one = await turns.take(() =>
        inOwnNamespace(server.name, async (namespace) => {
          const running = await server.start(namespace, cores.server, folder);
          try {
            const busy = coreBusy(cores.server);
            return { told: await generate(arm, seconds, core, namespace), serverBusy: busy() };
          } finally {
            await running.end();
          }
        }),
      );
      const { failures } = one.told;
      if (failures > 0) throw new Error(`${arm.name} counted ${failures} failures`);
      taken[arm === arms[0] ? 0 : 1].push(one);
    }
  }
  return taken;
}

function rowOf(cell: Cell, ours: Turn[], theirs: Turn[], ratio: Ratio): string[] {
  const { server, mode, connections, sharesCore } = cell;
  const rates = (turns: Turn[]): string => {
    const all = turns.map(rate);
    return `${count(median(all))} (${count(Math.min(...all))}-${count(Math.max(...all))})`;
  };
  const p99 = (turns: Turn[]): string => {
    const all = turns.flatMap(({ told }) => told.p99Ms ?? []);
    return all.length === 0 ? "-" : `${Number(median(all).toFixed(3))}`;
  };
  const busy = (turns: Turn[]): string =>
    `${Math.round(median(turns.map(({ serverBusy }) => serverBusy)) * 100)} %`;
  const of = (figure: (turns: Turn[]) => string): string => `${figure(ours)} and ${figure(theirs)}`;
  const open = `${connections}${sharesCore ? ", one core" : ""}`;
  return [server, open, mode, rates(ours), rates(theirs), ratioText(ratio), of(p99), of(busy)];
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
