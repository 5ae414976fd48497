import { readFileSync } from "node:fs";

/** How often the line of ancestors is looked at. */
const LOOK_EVERY_MS = 500;

/**
 * Under `npm start` and `npx` the process that the user started is npm, which runs us through a shell. When npm is killed neither the
 * shell nor this process is told; so a change in the line of ancestors ends this process, by a signal to itself.
 */
export function dieWithNpm(signal: "SIGKILL" | "SIGTERM"): void {
  if (process.env["npm_lifecycle_event"] === undefined) return;
  const line = ancestors();
  setInterval(() => {
    if (ancestors() !== line) process.kill(process.pid, signal);
  }, LOOK_EVERY_MS).unref();
}

/** This process's parent and its parent: the shell, and npm. */
function ancestors(): string {
  return `${process.ppid} ${parentOf(process.ppid)}`;
}

/** proc_pid_status(5); an empty text when the process is gone. */
function parentOf(pid: number): string {
  try {
    return /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? "";
  } catch {
    return "";
  }
}
