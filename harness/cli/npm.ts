import { readFileSync } from "node:fs";

/** How often the ancestors' pids are compared. */
const LOOK_EVERY_MS = 500;

/**
 * Under `npm start` and `npx` the user started npm, and npm runs this process through a shell. When npm is killed, neither the shell nor
 * this process gets a signal. Therefore this process sends `signal` to itself when its parent's pid or its grandparent's pid changes.
 */
export function dieWithNpm(signal: "SIGKILL" | "SIGTERM"): void {
  if (process.env["npm_lifecycle_event"] === undefined) return;
  const line = ancestors();
  setInterval(() => {
    if (ancestors() !== line) process.kill(process.pid, signal);
  }, LOOK_EVERY_MS).unref();
}

/** The pids of this process's parent (the shell) and grandparent (npm). */
function ancestors(): string {
  return `${process.ppid} ${parentOf(process.ppid)}`;
}

/** The parent of a process, proc_pid_status(5); an empty string when the process has exited. */
function parentOf(pid: number): string {
  try {
    return /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? "";
  } catch {
    return "";
  }
}
