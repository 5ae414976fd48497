import { constants } from "node:os";
import { isMainThread, workerData } from "node:worker_threads";
import type { ClientPlan } from "../../harness/load/plan.ts";
import { Beginning } from "./beginning.ts";
import { readOptions } from "./options.ts";
import { Part } from "./part.ts";
import type { Load } from "./part.ts";
import type { Flag, Said } from "./said.ts";
import type { Share } from "./share.ts";
import { playPart, Threads } from "./threads.ts";
import { usage } from "./usage.ts";

/** A load program, of any engine. */
export interface LoadProgram {
  name: string;
  summary: string;
  /** The flags that only this program has. */
  flags: Flag[];
  /** Text that `--help` adds at the end. */
  notes: string;
  /** Whether connections may carry more than one attempt. */
  keepOpen: boolean;
  /** Whether it can see neither first bytes nor which side ends a connection. Both are null then. */
  blind?: boolean;
  /** Returns a function that makes the engine. Throws an Error with one sentence for the user when the options are not possible. */
  prepare: (plan: ClientPlan, said: Said) => Load["make"];
}

/** Exit codes of sysexits.h: EX_USAGE for wrong usage, EX_SOFTWARE for a fault of our own. */
const WRONG_USAGE = 64;
const OWN_FAULT = 70;

/**
 * Runs a load program from the command line of this process and sets the exit code: 0 when every attempt is reported; 64 for
 * wrong usage; 70 when the output could not be written, or a call failed that should never fail; 130 or 143 after SIGINT or
 * SIGTERM. Except for 64, all results so far are written. A second signal ends the process at once.
 */
export async function drive(program: LoadProgram): Promise<void> {
  const load = understand(program);
  if (load === null) return;
  if (!isMainThread) return playPart(load, workerData as Share);
  const { threads } = load.plan;
  const beginning = new Beginning(load.plan);
  let playing: Threads | Part | null = null;
  let stopped = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      process.exitCode = 128 + constants.signals[signal];
      stopped = true;
      beginning.giveUp();
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
      ? await playThreads(playing, beginning)
      : await playing.run(await beginning.whenPrepared());
  if (fault === null) return;
  process.stderr.write(`${program.name}: ${fault}\n`, () => process.exit(OWN_FAULT));
}

/** All threads write to the main thread's standard output, so the main thread reports its failure. */
async function playThreads(threads: Threads, beginning: Beginning): Promise<string | null> {
  let broken: string | null = null;
  process.stdout.on("error", () => {
    broken = "standard output could not be written to its end; its reader is gone";
    threads.stop();
    threads.discard();
  });
  const fault = await threads.run(beginning);
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
