import { spawnSync } from "node:child_process";
import { cpus, release } from "node:os";
import { fileURLToPath } from "node:url";
import type { Bench } from "../bench.ts";
import { type Arm, armsOf, CONNECTIONS, OURS } from "./load/arms.ts";
import { runApart } from "./load/apart.ts";
import { type Bar, BARS } from "./load/bars.ts";
import { othersPercent, ticksNow } from "./load/bystanders.ts";
import { twoCores } from "./load/cores.ts";
import { readFigures } from "./load/figures.ts";
import { coverInMemory } from "./load/memory.ts";
import { orderOf } from "./load/order.ts";
import { rowsOf, verdictOf } from "./load/table.ts";
import { find, SOURCES } from "./load/tools.ts";
import { disagreement, takeTurn, type Turn } from "./load/turn.ts";

const ROUNDS = 5;
const SECONDS = 2;
/** What others may have of one core in a turn: with more, who wins is chance, and the turn is taken again. */
const QUIET_PERCENT = 15;
const ATTEMPTS = 10;
const TOOLS = ["wrk", "ab", "hey", "autocannon"] as const;
/** Where nginx has its files: in memory, and only in the mount namespace of the measuring process, so that nothing is left of them. */
const FOLDER = "/run";
const path = fileURLToPath(import.meta.url);

/**
 * Our clients and the common load generators, turn by turn, against nginx: it has one worker on one core, they take turns on
 * another. `--rounds N` and `--seconds S` (of each turn).
 */
export const bench: Bench = {
  name: "load",
  summary: `requests a second against nginx: ${BARS.map(({ mode, other, least }) => `${mode} at least ${least} x ${other}`).join(", ")}`,
  async run(args) {
    const { rounds, seconds } = readFigures(args, { rounds: ROUNDS, seconds: SECONDS });
    return runApart(path, [`${rounds}`, `${seconds}`]);
  },
};

/** Runs inside namespaces of its own. Returns whether all bars are met. */
async function measure(rounds: number, seconds: number): Promise<boolean> {
  const cores = twoCores();
  coverInMemory(FOLDER);
  if (find("nginx") === null) throw new Error(`nginx is not installed: ${SOURCES.nginx}`);
  const arms = [...OURS, ...TOOLS.flatMap((tool) => armsOfInstalled(tool))];
  console.log(
    `  ${cpus().length} cores (${cpus()[0]?.model.trim()}), Linux ${release().split("-")[0]}, Node ${process.version}, ${versionOf("nginx", "-v")}`,
  );
  console.log(
    `  nginx on core ${cores.server}, generators on core ${cores.generator}, ${CONNECTIONS} connections, ${rounds} rounds of ${seconds} s`,
  );
  const measured = arms.map((arm) => ({ arm, turns: [] as Turn[], because: null as string | null }));
  let again = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const one of orderOf(measured, round)) {
      let others = Infinity;
      for (
        let attempt = 0;
        attempt < ATTEMPTS && one.because === null && others > QUIET_PERCENT;
        attempt += 1
      ) {
        if (attempt > 0) again += 1;
        const [beganMs, before] = [performance.now(), ticksNow()];
        try {
          const turn = await takeTurn(one.arm, seconds, cores, FOLDER);
          others = othersPercent(before, ticksNow(), (performance.now() - beganMs) / 1000);
          one.because = disagreement(one.arm, turn);
          if (others <= QUIET_PERCENT) one.turns.push(turn);
        } catch (error) {
          one.because = error instanceof Error ? error.message : String(error);
        }
      }
      if (others > QUIET_PERCENT)
        one.because ??= `others had ${others.toFixed(0)} % of a core, time and again`;
    }
  }
  console.log(
    `  ${again} turns were repeated, because others had more than ${QUIET_PERCENT} % of a core meanwhile`,
  );
  for (const mode of ["short", "keep-alive"] as const) {
    for (const row of rowsOf(mode, measured)) console.log(`  ${row}`.trimEnd());
  }
  const verdicts = BARS.map((bar) => verdictOf(bar, measured, absence(bar)));
  for (const { text } of verdicts) console.log(`  ${text}`);
  return verdicts.every(({ met }) => met);
}

/** Why a bar's other generator has no arm, where it has none. */
function absence({ other }: Bar): string {
  if (find(other) === null) return `${other} is not installed: ${SOURCES[other]}`;
  return `${other} loses requests on short connections, and tells no error`;
}

function armsOfInstalled(tool: (typeof TOOLS)[number]): Arm[] {
  const place = find(tool);
  if (place === null) console.log(`  ${tool} is not installed: ${SOURCES[tool]}`);
  return place === null ? [] : armsOf(tool, place);
}

/** What a program says of its version, on whichever of its outputs. */
function versionOf(program: string, option: string): string {
  const { stdout, stderr } = spawnSync(program, [option], { encoding: "utf8" });
  return /\S+\/[\d.]+/.exec(`${stdout}${stderr}`)?.[0] ?? `${program} of an unknown version`;
}

if (process.argv[1] === path) {
  const [rounds, seconds] = process.argv.slice(2);
  process.exitCode = (await measure(Number(rounds), Number(seconds))) ? 0 : 1;
}
