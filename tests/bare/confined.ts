import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** How a script runs, isolated from the machine. */
export interface Confinement {
  /** The words after the script's name: `$1` and so on. */
  args: string[];
  /** The whole environment of the script. */
  env: NodeJS.ProcessEnv;
  /** What happens to its three streams, and to further descriptors if it has them. */
  stdio: ("ignore" | "inherit" | "pipe")[];
  /** Ends the script and everything that it has started. */
  signal: AbortSignal;
}

/**
 * Starts a sh script in mount and pid namespaces of its own. Nobody else sees its mounts. When the script or this process ends, for any
 * reason, nothing of it remains. setpriv(1), unshare(1). The script has a session of its own, so Ctrl+C at the terminal reaches only this
 * process, which ends the script cleanly.
 */
export function startConfined(script: string, { args, env, stdio, signal }: Confinement): ChildProcess {
  const command = [
    ...["--pdeathsig", "KILL", "unshare", "--mount", "--propagation", "private", "--pid", "--fork"],
    ...["--kill-child", "sh", "-c", script, "sh", ...args],
  ];
  const child = spawn("setpriv", command, { env, stdio, detached: true });
  // A script that could not be started is reported by its exit code.
  child.once("error", () => {});
  const end = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", end);
  child.once("exit", () => signal.removeEventListener("abort", end));
  if (signal.aborted) end();
  return child;
}

/** Waits for the script's end. Returns its exit code; null when a signal ended it, or when it could not be started. */
export async function codeOf(child: ChildProcess): Promise<number | null> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const [code] = (await once(child, "exit")) as [number | null];
  return code;
}
