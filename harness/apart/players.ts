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
import { Cast } from "../trial/cast.ts";
import { TrialClock } from "../trial/clock.ts";
import { namespacesHere, worldOfPrograms } from "./here.ts";
import { type LineSocket, reach } from "./line-socket.ts";
import { observerPath, type ObserverOrders, type PlayersSay } from "./message.ts";

const SWEEP_EVERY_MS = 100;

export interface PlayersOptions {
  folder: string;
  host: HostName;
  programs: ProgramName[];
  withinMs: number;
}

/** Waits until its observer says so, and is then the program: the same process, by the same pid. Throws a sentence when nobody does. */
export async function becomePlayer(options: PlayersOptions & { programs: [ProgramName] }): Promise<void> {
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
 * Runs programs as its own children when its observer says so, and passes on what they say, until `end` is called. Throws a
 * sentence when the observer cannot be reached.
 */
export async function runPlayers(options: PlayersOptions): Promise<{ end: () => Promise<void> }> {
  const observer = await reachObserver(options);
  const clock = new TrialClock();
  const say = (said: PlayersSay): void => observer.say(said);
  let cast: Cast | undefined;
  const waited = waitedBy(() => cast?.pids() ?? []);
  const orphanage = new Orphanage(() => cast?.pids() ?? new Set());
  setInterval(() => orphanage.sweep(), SWEEP_EVERY_MS).unref();
  hear(observer, (said, setup) => {
    cast ??= new Cast(
      { setup, world: worldOfPrograms(setup), baseDir: packageRoot, clock, waited },
      (sample) => say({ kind: "told", sample, originUs: clock.originUs }),
      (because) => say({ kind: "fault", because }),
    );
    if (said.kind !== "start") return;
    try {
      if (setup.programs[said.program]?.role === "server") void cast.startServer(said.program);
      else cast.startClient(said.program);
    } catch (error) {
      say({ kind: "fault", because: error instanceof Error ? error.message : String(error) });
    }
  });
  introduce(observer, options, false);
  return { end: async () => cast?.endAll() };
}

async function reachObserver({ folder, host, withinMs }: PlayersOptions): Promise<LineSocket> {
  const observer = await reach(observerPath(folder, host), withinMs);
  if (observer !== null) return observer;
  throw new Error(`no observer of ${host} was there within ${withinMs / 1000} s: has its container started?`);
}

/** The order comes first, and with it the setup. */
function hear(observer: LineSocket, heed: (said: ObserverOrders, setup: Setup) => void): void {
  let setup: Setup | undefined;
  observer.listen((line) => {
    const said = JSON.parse(line) as ObserverOrders;
    if (said.kind === "order") setup = said.setup;
    if (setup !== undefined) heed(said, setup);
  });
}

function introduce(observer: LineSocket, { programs }: PlayersOptions, becomes: boolean): void {
  const said: PlayersSay = {
    kind: "players",
    programs,
    becomes,
    pid: process.pid,
    namespaces: namespacesHere(),
  };
  observer.say(said);
}
