import { spawn } from "node:child_process";
import { once } from "node:events";

/** How long a program may take to end after a request, before it is killed. */
const ENDS_WITHIN_MS = 20_000;

/** The result of a program. */
export interface Ended {
  /** null when a signal ended it. */
  exit: number | null;
  stdout: string;
  stderr: string;
  seconds: number;
}

/** How a program runs. */
export interface ProgramOptions {
  /** Its working folder; by default that of this process. */
  folder?: string;
  /** Ends it and everything that it started, as Ctrl+C does. */
  signal?: AbortSignal;
}

/**
 * Runs a program to its end and returns what it printed. The program has a process group of its own, so Ctrl+C at the terminal reaches only
 * this process, which then ends the program. The program also ends with this process, however that ends. Rejects when the program cannot be
 * started.
 */
export async function runProgram(command: string[], { folder, signal }: ProgramOptions = {}): Promise<Ended> {
  signal?.throwIfAborted();
  const beganMs = performance.now();
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", ...command], {
    ...(folder !== undefined && { cwd: folder }),
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  let forced: NodeJS.Timeout | undefined;
  const tell = (): void => {
    toGroup(child.pid, "SIGINT");
    forced = setTimeout(() => toGroup(child.pid, "SIGKILL"), ENDS_WITHIN_MS);
  };
  signal?.addEventListener("abort", tell, { once: true });
  try {
    const [exit] = (await once(child, "close")) as [number | null];
    return { exit, stdout, stderr, seconds: (performance.now() - beganMs) / 1000 };
  } finally {
    clearTimeout(forced);
    signal?.removeEventListener("abort", tell);
  }
}

function toGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
