import { spawn } from "node:child_process";
import { once } from "node:events";
import { entryCommand } from "../../../harness/lab/entry.ts";

/**
 * Runs a program of ours, TypeScript, inside namespaces of its own, and gives its exit code. What it starts ends with it, and it with this process;
 * Ctrl+C too. Throws when it ended with anything but 0 or 1.
 */
export async function runApart(path: string, args: string[]): Promise<number> {
  const { executable, args: entry } = entryCommand([process.execPath, "--import", "tsx", path, ...args]);
  // Out of the terminal's reach: a Ctrl+C is for this process alone, which then ends the other and all that lives in it.
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
