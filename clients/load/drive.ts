import { constants } from "node:os";
import { isMainThread, workerData } from "node:worker_threads";
import type { ClientPlan } from "../../harness/load/plan.ts";
import { sinceStartUs } from "./clock.ts";
import { readOptions } from "./options.ts";
import { Part } from "./part.ts";
import type { Load } from "./part.ts";
import type { Flag, Said } from "./said.ts";
import type { Share } from "./share.ts";
import { playPart, Threads } from "./threads.ts";
import { usage } from "./usage.ts";

/** A load program, whatever makes its load. */
export interface LoadProgram {
  name: string;
  summary: string;
  /** Besides those of every load program. */
  flags: Flag[];
  /** What `--help` says besides. */
  notes: string;
  /** Whether connections may carry more than one attempt. */
  keepOpen: boolean;
  /** Whether it sees neither first bytes nor who ends a connection, which are null then. */
  blind?: boolean;
  /** What makes the load. Throws an Error with one sentence for the user when what was said makes no sense, or cannot be done. */
  prepare: (plan: ClientPlan, said: Said) => Load["make"];
}

/** Exit codes: wrong usage and our own fault, as sysexits.h numbers them (EX_USAGE, EX_SOFTWARE). */
const WRONG_USAGE = 64;
const OWN_FAULT = 70;

/**
 * Runs a load program from the command line of this process to its exit code: 0 when every attempt is accounted for; 64 for
 * wrong usage; 70 when its output could not be written, or a call failed that never should; 130 or 143 after SIGINT or
 * SIGTERM. Except for 64, what was measured until then is written out. A second signal ends it at once.
 */
export async function drive(program: LoadProgram): Promise<void> {
  const load = understand(program);
  if (load === null) return;
  if (!isMainThread) return playPart(load, workerData as Share);
  const { threads, delayMs } = load.plan;
  let playing: Threads | Part | null = null;
  let stopped = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      process.exitCode = 128 + constants.signals[signal];
      stopped = true;
      playing?.stop();
    });
  }
  playing =
    threads > 1
      ? new Threads(threads, process.argv.slice(2))
      : await Part.prepare(load, { thread: 1, threads: 1 });
  if (stopped) playing.stop();
  const fault =
    playing instanceof Threads
      ? await playThreads(playing, delayMs)
      : await playing.run(sinceStartUs(delayMs));
  if (fault === null) return;
  process.stderr.write(`${program.name}: ${fault}\n`, () => process.exit(OWN_FAULT));
}

/** Threads write through this one's standard output, so that its failure is told here. */
async function playThreads(threads: Threads, delayMs: number): Promise<string | null> {
  let broken: string | null = null;
  process.stdout.on("error", () => {
    broken = "standard output could not be written to its end; its reader is gone";
    threads.stop();
    threads.discard();
  });
  const fault = await threads.run(delayMs);
  return broken ?? fault;
}

function understand(program: LoadProgram): Load | null {
  const { name, summary, flags, notes, keepOpen, blind = false } = program;
  try {
    const asked = readOptions(process.argv.slice(2), { keepOpen, flags });
    if (asked === "help") {
      process.stdout.write(usage(name, summary, flags) + notes);
      return null;
    }
    const { plan, said } = asked;
    return { plan, keepOpen, blind, make: program.prepare(plan, said) };
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}; see --help\n`);
    process.exitCode = WRONG_USAGE;
    return null;
  }
}
