import { spawn } from "node:child_process";
import { once } from "node:events";
import { entryCommand } from "../../../harness/lab/entry.ts";

/**
 * Runs a TypeScript program of ours inside new namespaces, and returns its exit code. All processes that it starts end with it, and it
 * ends with this process, also on Ctrl+C. Throws when its exit code is not 0 or 1.
 */
export async function runApart(path: string, args: string[]): Promise<number> {
  const { executable, args: entry } = entryCommand([process.execPath, "--import", "tsx", path, ...args]);
  // Detached from the terminal, so that Ctrl+C reaches only this process. It then ends the other one, with all processes in it.
  const child = spawn(executable, entry, { stdio: "inherit", detached: true });
  let stopped: NodeJS.Signals | null = null;
  const stop = (signal: NodeJS.Signals): void => {
    stopped = signal;
    child.kill("SIGKILL");
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  try {
    const [code] = (await once(child, "exit")) as [number | null];
    if (stopped === null && code !== 0 && code !== 1)
      throw new Error(`the measuring process ended with ${code}`);
    return code ?? 1;
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, stop);
    if (stopped !== null) process.kill(process.pid, stopped);
  }
}
