import { waitedBy } from "../lab/deadline.ts";
import { Orphanage } from "../lab/orphans.ts";
import { packageRoot } from "../lab/paths.ts";
import { commandOf, programEnvironment } from "../lab/program.ts";
import { Scratch } from "../lab/scratch.ts";
import { filledWords } from "../lab/words.ts";
import { becomeProgram } from "../kernel/exec.ts";
import { descriptorOf } from "../kernel/sockopt.ts";
import type { HostName, ProgramName } from "../model/names.ts";
import type { Setup } from "../model/setup.ts";
import { Programs } from "../trial/programs.ts";
import { TrialClock } from "../trial/clock.ts";
import { namespacesHere, worldOfPrograms } from "./here.ts";
import { type LineSocket, reach } from "./line-socket.ts";
import { observerPath, type ObserverOrders, type ProgramsSay } from "./message.ts";

const SWEEP_EVERY_MS = 100;

export interface ProgramsOptions {
  folder: string;
  host: HostName;
  programs: ProgramName[];
  withinMs: number;
}

/** Waits for the observer's start command, and then becomes the program, with the same pid. Throws a sentence when there is no observer. */
export async function becomeToldProgram(
  options: ProgramsOptions & { programs: [ProgramName] },
): Promise<void> {
  const observer = await reachObserver(options);
  const [name] = options.programs;
  hear(observer, (said, setup) => {
    if (said.kind !== "start") return;
    const plan = setup.programs[name];
    if (plan === undefined) throw new Error(`the setup has no program ${name}`);
    const folders = { here: packageRoot, scratch: () => new Scratch().make() };
    const run = filledWords(plan, setup, folders);
    const [executable, ...rest] = commandOf(plan, { baseDir: packageRoot, run });
    becomeProgram(executable, rest, programEnvironment(), descriptorOf(observer.socket));
  });
  introduce(observer, options, true);
}

/**
 * Runs programs as child processes when the observer sends the start command, and passes their samples on, until `end` is called.
 * Throws a sentence when the observer cannot be reached.
 */
export async function runPrograms(options: ProgramsOptions): Promise<{ end: () => Promise<void> }> {
  const observer = await reachObserver(options);
  const clock = new TrialClock();
  const say = (said: ProgramsSay): void => observer.say(said);
  let running: Programs | undefined;
  const waited = waitedBy(() => running?.pids() ?? []);
  const orphanage = new Orphanage(() => running?.pids() ?? new Set());
  setInterval(() => orphanage.sweep(), SWEEP_EVERY_MS).unref();
  hear(observer, (said, setup) => {
    running ??= new Programs(
      { setup, world: worldOfPrograms(setup), baseDir: packageRoot, clock, waited },
      (sample) => say({ kind: "told", sample, originUs: clock.originUs }),
      (because) => say({ kind: "fault", because }),
    );
    if (said.kind !== "start") return;
    try {
      if (setup.programs[said.program]?.role === "server") void running.startServer(said.program);
      else running.startClient(said.program);
    } catch (error) {
      say({ kind: "fault", because: error instanceof Error ? error.message : String(error) });
    }
  });
  introduce(observer, options, false);
  return { end: async () => running?.endAll() };
}

async function reachObserver({ folder, host, withinMs }: ProgramsOptions): Promise<LineSocket> {
  const observer = await reach(observerPath(folder, host), withinMs);
  if (observer !== null) return observer;
  throw new Error(
    `the observer of ${host} was not found within ${withinMs / 1000} s: has its container started?`,
  );
}

/** Reads the observer's messages. The first one is the order, with the setup. */
function hear(observer: LineSocket, heed: (said: ObserverOrders, setup: Setup) => void): void {
  let setup: Setup | undefined;
  observer.listen((line) => {
    const said = JSON.parse(line) as ObserverOrders;
    if (said.kind === "order") setup = said.setup;
    if (setup !== undefined) heed(said, setup);
  });
}

function introduce(observer: LineSocket, { programs }: ProgramsOptions, becomes: boolean): void {
  const said: ProgramsSay = {
    kind: "programs",
    programs,
    becomes,
    pid: process.pid,
    namespaces: namespacesHere(),
  };
  observer.say(said);
}
