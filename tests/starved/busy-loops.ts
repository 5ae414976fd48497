import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

/** A loop ends by itself after this time, if nobody ends it. */
const LONGEST_MS = 3_600_000;
/** How long a loop may take to start, beside all the others. */
const THERE_WITHIN_MS = 60_000;

/** Programs that use all the processor time that they get. */
export interface BusyLoops {
  /** Ends them, and waits until they are gone. */
  stop: () => Promise<void>;
}

/**
 * Starts this many busy loops, each a process with the priority of this one, and waits until all of them run. Each has a session of its
 * own, because where the kernel shares time among sessions first (sched(7), autogroup), loops of one session would count as one.
 */
export async function startBusyLoops(count: number): Promise<BusyLoops> {
  const loops = Array.from({ length: count }, () =>
    spawn(process.execPath, ["-e", LOOP], { detached: true, stdio: ["ignore", "pipe", "ignore"] }),
  );
  const stop = async (): Promise<void> => {
    await Promise.all(loops.map(end));
  };
  try {
    await Promise.all(loops.map(there));
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

/** The loop rarely checks whether it should end: a check costs kernel time, and the loop should use a program's own time. */
const LOOP = `
  console.log("there");
  let sum = 0;
  while (process.ppid === ${process.pid} && performance.now() < ${LONGEST_MS})
    for (let n = 0; n < 10_000_000; n += 1) sum = (sum * 31 + n) | 0;
`;

async function there(loop: ChildProcess): Promise<void> {
  const ended = new AbortController();
  loop.once("exit", () => ended.abort(new Error("a busy loop ended before it had begun")));
  loop.once("error", (error) => ended.abort(error));
  const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(THERE_WITHIN_MS)]);
  if (loop.stdout !== null) await once(loop.stdout, "data", { signal });
}

async function end(loop: ChildProcess): Promise<void> {
  if (loop.pid === undefined || loop.exitCode !== null || loop.signalCode !== null) return;
  const gone = once(loop, "exit");
  loop.kill("SIGKILL");
  await gone;
}
