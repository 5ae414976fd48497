import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** How a script is run apart from the machine. */
export interface Confinement {
  /** The words after the script's name: `$1` and so on. */
  args: string[];
  /** All of its environment. */
  env: NodeJS.ProcessEnv;
  /** What is done with its three streams, and with more where it has them. */
  stdio: ("ignore" | "inherit" | "pipe")[];
  /** Ends it, and all that it has started. */
  signal: AbortSignal;
}

/**
 * Starts a script of sh in mount and pid namespaces of its own: what it mounts nobody else sees, and when it ends, or this process
 * does, however that comes, nothing of it stays. setpriv(1), unshare(1). It has a session of its own, so that Ctrl+C at the terminal
 * reaches this process alone, which ends it in order.
 */
export function startConfined(script: string, { args, env, stdio, signal }: Confinement): ChildProcess {
  const command = [
    ...["--pdeathsig", "KILL", "unshare", "--mount", "--propagation", "private", "--pid", "--fork"],
    ...["--kill-child", "sh", "-c", script, "sh", ...args],
  ];
  const child = spawn("setpriv", command, { env, stdio, detached: true });
  // That it could not be started is told by its code.
  child.once("error", () => {});
  const end = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", end);
  child.once("exit", () => signal.removeEventListener("abort", end));
  if (signal.aborted) end();
  return child;
}

/** Waits for its end. Gives its exit code; null when it was ended, or could not be started at all. */
export async function codeOf(child: ChildProcess): Promise<number | null> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const [code] = (await once(child, "exit")) as [number | null];
  return code;
}
