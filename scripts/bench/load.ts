import { spawnSync } from "node:child_process";
import { cpus, release } from "node:os";
import { fileURLToPath } from "node:url";
import type { Bench } from "../bench.ts";
import { CONNECTIONS } from "./load/arms.ts";
import { runApart } from "./load/apart.ts";
import { BARS } from "./load/bars.ts";
import { twoCores } from "./load/cores.ts";
import { readFigures } from "./load/figures.ts";
import { measureHeld } from "./load/held.ts";
import { coverInMemory } from "./load/memory.ts";
import { measureServers } from "./load/matrix.ts";
import { measurePace } from "./load/pace.ts";
import { QUIET_PERCENT, QuietTurns } from "./load/quiet.ts";
import { measureRates } from "./load/rates.ts";
import { measureStalls } from "./load/stall/stalls.ts";
import type { Verdict } from "./load/table.ts";
import { find, SOURCES } from "./load/tools.ts";

const ROUNDS = 5;
const SECONDS = 2;
const PARTS = [
  ["rates", measureRates],
  ["pace", measurePace],
  ["held", measureHeld],
  ["stalls", measureStalls],
  ["servers", measureServers],
] as const;
/** The folder of nginx's files. It is in memory and only in the mount namespace of the measuring process, so no file is left. */
const FOLDER = "/run";
const path = fileURLToPath(import.meta.url);

/**
 * Runs our clients and the common load generators in turns against nginx. nginx has one worker on one core, and the generators take
 * turns on another. Then it runs our clients alone, at a set rate and with many connections, and open and closed loops against a server
 * that stalls. Options: `--rounds N`, `--seconds S` for each turn, and `--part NAME` for one part.
 */
export const bench: Bench = {
  name: "load",
  summary: `requests a second against nginx: ${BARS.map(({ mode, other, least }) => `${mode} at least ${least} x ${other}`).join(", ")}; a set rate, connections held, and a server that stalls`,
  async run(args) {
    const { part, rest } = partOf(args);
    const { rounds, seconds } = readFigures(rest, { rounds: ROUNDS, seconds: SECONDS });
    return runApart(path, [`${rounds}`, `${seconds}`, ...part]);
  },
};

/** Takes `--part NAME` from a command line. Throws an Error with the names when there is no such part. */
function partOf(args: string[]): { part: string[]; rest: string[] } {
  const at = args.indexOf("--part");
  if (at === -1) return { part: [], rest: args };
  const [, name = ""] = args.slice(at, at + 2);
  const names = PARTS.map(([known]) => known);
  if (!names.some((known) => known === name))
    throw new Error(`--part takes one of ${names.join(", ")}, not "${name}"`);
  return { part: [name], rest: args.toSpliced(at, 2) };
}

/** Runs inside new namespaces, all parts or one. Returns whether all bars are met. */
async function measure(rounds: number, seconds: number, only: string | undefined): Promise<boolean> {
  const cores = twoCores();
  coverInMemory(FOLDER);
  if (find("nginx") === null) throw new Error(`nginx is not installed: ${SOURCES.nginx}`);
  console.log(
    `  ${cpus().length} cores (${cpus()[0]?.model.trim()}), Linux ${release().split("-")[0]}, Node ${process.version}, ${versionOf("nginx", "-v")}`,
  );
  console.log(
    `  nginx on core ${cores.server}, generators on core ${cores.generator}, ${CONNECTIONS} connections, ${rounds} rounds of ${seconds} s`,
  );
  const turns = new QuietTurns();
  const conditions = { rounds, seconds, cores, folder: FOLDER, turns };
  const verdicts: Verdict[] = [];
  for (const [what, part] of PARTS) {
    if (only !== undefined && only !== what) continue;
    try {
      verdicts.push(...(await part(conditions)));
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error);
      verdicts.push({ met: false, text: `bar ${what}: not measured: ${because}` });
    }
  }
  console.log("");
  for (const { text } of verdicts) console.log(`  ${text}`);
  console.log(
    `  ${turns.repeated} turns were repeated, because other processes used more than ${QUIET_PERCENT} % of a core`,
  );
  return verdicts.every(({ met }) => met);
}

/** The version that a program prints, on standard output or standard error. */
function versionOf(program: string, option: string): string {
  const { stdout, stderr } = spawnSync(program, [option], { encoding: "utf8" });
  return /\S+\/[\d.]+/.exec(`${stdout}${stderr}`)?.[0] ?? `${program} of an unknown version`;
}

if (process.argv[1] === path) {
  const [rounds, seconds, only] = process.argv.slice(2);
  process.exitCode = (await measure(Number(rounds), Number(seconds), only)) ? 0 : 1;
}
