import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { compiled, packageRoot } from "../../harness/lab/paths.ts";
import { inhabitants, isAlive, MARK, marked, mounts } from "./remains.ts";
import { asUser, folderFor, type Who } from "./user.ts";
import { until } from "./wait.ts";

/** How long the kernel may take to end everything. */
const GONE_WITHIN_MS = 5_000;
/** How long the tour may take until it has the number of processes that the test wants. */
const THERE_WITHIN_MS = 30_000;

/** What remained of a tour after its process was killed, and how far the tour had got. */
export interface Remains {
  atMs: number;
  processesBefore: number;
  left: string[];
}

/**
 * Starts the tour, and kills the started process with SIGKILL after some time, but only when the tour has enough processes, which a busy
 * machine starts slowly. Then searches for remains: marked processes, processes in its namespaces, mounts, temporary files. `left` should
 * be empty.
 */
export async function killTour(who: Who, afterMs: number, processes = 0): Promise<Remains> {
  const folder = folderFor(who);
  const mark = randomUUID();
  const before = mounts();
  const temporary = folderFor(who);
  try {
    // With the shell's exec there is only one process, so the killed pid is lastack's own.
    const command = [process.execPath, compiled("harness/cli/main.js"), "run", "--out", folder.path];
    const [executable, ...args] = asUser(who, command);
    const env = { ...process.env, [MARK]: mark, TMPDIR: temporary.path };
    const child = spawn(executable, args, { cwd: packageRoot, env, stdio: "ignore" });
    const exited = new Promise((resolve) => {
      child.once("exit", resolve);
    });
    const beganMs = performance.now();
    const lab = await until(
      () => inhabitants(mark),
      ({ length }) => length >= processes && performance.now() - beganMs >= afterMs,
      afterMs + THERE_WITHIN_MS,
    );
    child.kill("SIGKILL");
    await exited;
    // The processes that existed at the kill, and those that have the mark now. The rest of the lab cannot outlive its first process.
    const remaining = await until(
      () => [...lab.filter(isAlive), ...marked(mark)],
      (beings) => beings.length === 0,
      GONE_WITHIN_MS,
    );
    const left = remaining.map(({ pid }) => `process ${pid}`);
    if (mounts() !== before) left.push("a mount");
    left.push(...readdirSync(temporary.path).map((name) => `temporary file ${name}`));
    return { atMs: Math.round(afterMs), processesBefore: lab.length, left };
  } finally {
    folder.remove();
    temporary.remove();
  }
}
