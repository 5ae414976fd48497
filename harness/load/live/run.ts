import { currentNamespace, releaseNamespace } from "../../kernel/namespace.ts";
import { askForBatches } from "../../kernel/urgency.ts";
import { Program } from "../../lab/program.ts";
import { endsWithinMs, programOf } from "../engine.ts";
import type { LoadEndLine, LoadLine } from "../line.ts";
import type { LoadPlan } from "../load-plan.ts";
import type { LoadExit, LoadRun, Look } from "../load-run.ts";
import type { ProgramPlan } from "../../model/setup.ts";
import { readSurroundings } from "./surroundings.ts";
import { Watch } from "./watch.ts";

/** How much longer than its own bounds a load program can take to start and to end, on a very busy machine. */
const GRACE_MS = 10_000;
/** How long a program that was signalled to end has before it is killed. */
const END_MS = 3_000;

export interface LoadHooks {
  onSecond?: (line: LoadLine) => void;
  onLook?: (look: Look) => void;
  /** If aborted, the load ends now, and what was measured until then is reported. */
  signal?: AbortSignal;
}

/**
 * Runs a load program against its target from this namespace, with observers beside it. Resolves when the program is over, however it
 * ended. Throws when the program could not be started. Only that program sends anything.
 */
export async function runLoad(plan: LoadPlan, hooks: LoadHooks = {}): Promise<LoadRun> {
  const surroundings = readSurroundings(plan.to.address);
  const watch = new Watch(plan.to, (look) => hooks.onLook?.(look));
  const seconds: LoadLine[] = [];
  const ends: LoadEndLine[] = [];
  try {
    watch.start();
    const exit = await runProgram(plan, {
      signal: hooks.signal,
      onStart: (pid) => watch.follow(pid),
      onReport: (report) => {
        const line = report as unknown as LoadLine | LoadEndLine;
        if (line.kind === "load-end") ends.push(line);
        if (line.kind !== "load") return;
        seconds.push(line);
        hooks.onSecond?.(line);
      },
    });
    watch.end();
    return { plan, surroundings, seconds, ends, looks: watch.looks, cost: watch.cost, exit };
  } finally {
    watch.stop();
  }
}

interface ProgramHooks {
  signal: AbortSignal | undefined;
  onStart: (pid: number) => void;
  onReport: (report: Record<string, unknown>) => void;
}

async function runProgram(plan: LoadPlan, hooks: ProgramHooks): Promise<LoadExit> {
  const { program, args } = programOf(plan);
  const run: ProgramPlan["run"] = [program, ...args];
  const namespace = currentNamespace("here");
  let bound: NodeJS.Timeout | undefined;
  let how: LoadExit["how"] = "own";
  const over = new AbortController();
  try {
    return await new Promise<LoadExit>((resolve) => {
      const withinMs = endsWithinMs(plan) + GRACE_MS;
      const child = new Program(
        "load",
        { host: "here", role: "client", run, limits: {}, withinMs },
        { name: "here", namespace, addresses: [] },
        { baseDir: process.cwd(), run, environment: trusted() },
        {
          onReport: hooks.onReport,
          onReady: () => {},
          onExit: ({ code, signal }) => resolve({ code, signal, how, lastLines: child.lastLines }),
        },
      );
      // Attempts with a rate must begin on time. Without one, the next attempt waits for an answer, and the server needs the processor.
      if (plan.ratePerSecond === 0) askForBatches(child.pid);
      hooks.onStart(child.pid);
      bound = setTimeout(() => {
        how = "overdue";
        void child.end(END_MS);
      }, withinMs);
      const interrupt = (): void => {
        how = "interrupted";
        child.signal("SIGINT");
        clearTimeout(bound);
        // By then it has printed what it measured.
        bound = setTimeout(() => void child.end(END_MS), END_MS);
      };
      if (hooks.signal?.aborted === true) interrupt();
      else hooks.signal?.addEventListener("abort", interrupt, { once: true, signal: over.signal });
    });
  } finally {
    clearTimeout(bound);
    over.abort();
    releaseNamespace(namespace);
  }
}

/** The variable that adds certificates to those that Node trusts. Node reads it when the process starts. */
function trusted(): Record<string, string> {
  const { NODE_EXTRA_CA_CERTS: file } = process.env;
  return file === undefined ? {} : { NODE_EXTRA_CA_CERTS: file };
}
