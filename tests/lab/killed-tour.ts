import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { compiled, packageRoot } from "../../harness/lab/paths.ts";
import { inhabitants, isAlive, MARK, marked, mounts } from "./remains.ts";
import { asUser, folderFor, type Who } from "./user.ts";
import { until } from "./wait.ts";

/** How long the kernel may take to end everything. */
const GONE_WITHIN_MS = 5_000;
/** How long the tour may take to have so many processes as the test wants to see killed. */
const THERE_WITHIN_MS = 30_000;

/** What was left of a tour after its one process was killed, and how far the tour had come. */
export interface Remains {
  atMs: number;
  processesBefore: number;
  left: string[];
}

/**
 * Starts the tour, kills the one process that was started with SIGKILL after some time, and not before the tour has so many
 * processes, which a busy machine is slow to start. Looks for what is left: marked processes, inhabitants of its namespaces, mounts,
 * temporary files. An empty `left` is what is wanted.
 */
export async function killTour(who: Who, afterMs: number, processes = 0): Promise<Remains> {
  const folder = folderFor(who);
  const mark = randomUUID();
  const before = mounts();
  const temporary = folderFor(who);
  try {
    // The shell's exec keeps one process: the pid that is killed is lastack's own.
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
    // Who was there at the kill, and who carries the mark now; the rest of the lab cannot outlive its first process.
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
