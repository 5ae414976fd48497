import { readlinkSync } from "node:fs";
import { shortText, threadsOf } from "../../kernel/proc.ts";
import type { ThreadWaits, Wait } from "../../model/thread-waits.ts";
import { parseStat } from "./stat.ts";

/** The most threads of a process that are read, its main thread first. */
export const MOST_THREADS = 64;

/**
 * What the threads of a process do, from /proc/PID/task/TID/wchan (proc_pid_wchan(5)); at most `most` of them are read, and always the main
 * one. null where this user may not read it. undefined when the process has exited.
 */
export function readThreadWaits(pid: number, most = MOST_THREADS): ThreadWaits | null | undefined {
  const may = mayBeRead(pid);
  if (may !== true) return may === false ? null : undefined;
  const threads = threadsOf(pid);
  // The kernel lists them in the order of their creation: the main one, whose id is the pid, comes first.
  const [main, ...others] = threads.slice(0, Math.max(1, Math.min(most, MOST_THREADS)));
  const wait = main === undefined ? null : readWait(pid, main);
  if (wait === null) return undefined;
  const counts: Record<Wait, number> = {};
  for (const thread of others) {
    const one = readWait(pid, thread);
    if (one !== null) counts[one] = (counts[one] ?? 0) + 1;
  }
  return { threads: threads.length, main: wait, others: counts };
}

/**
 * What a thread does, from its wchan and the letter of its state. wchan is `0` where the kernel does not say: the thread runs or is ready to
 * (get_wchan() in kernel/sched/core.c), it has ended, it may not be read, or it has just begun to sleep. Kernels before 4.4 print an address
 * where they have no name.
 */
export function waitOf(wchan: string, state: string): Wait {
  const name = wchan.trim();
  if (/^[A-Za-z_]/.test(name)) return name;
  if (state === "R") return "running";
  return state === "Z" || state === "X" ? "ended" : "unknown";
}

/** A thread can fall asleep between the two files: then it is read once more. null when it has ended and is gone. */
function readWait(pid: number, thread: string): Wait | null {
  let wait: Wait = "unknown";
  for (let time = 0; time < 2 && wait === "unknown"; time += 1) {
    const wchan = shortText(`/proc/${pid}/task/${thread}/wchan`) ?? "0";
    wait = waitOf(wchan, "");
    if (wait !== "unknown") return wait;
    const stat = shortText(`/proc/${pid}/task/${thread}/stat`);
    if (stat === null) return null;
    wait = waitOf(wchan, parseStat(stat)?.state ?? "");
  }
  return wait;
}

/**
 * Whether this user may read the process as ptrace(2) defines it (PTRACE_MODE_READ_FSCREDS): the same user, or CAP_SYS_PTRACE. wchan is `0`
 * otherwise, and nobody could tell that from a thread that runs (proc_pid_wchan() in fs/proc/base.c). The link `cwd` asks the same
 * (proc_fd_access_allowed() there), and fails. null when the process has exited.
 */
function mayBeRead(pid: number): boolean | null {
  try {
    readlinkSync(`/proc/${pid}/cwd`);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "EACCES" || code === "EPERM" ? false : null;
  }
}
