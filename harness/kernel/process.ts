import { readdirSync } from "node:fs";
import { check, declare } from "./libc.ts";
import { shortText, threadsOf } from "./proc.ts";

const prctl = declare<(option: number, a: bigint, b: bigint, c: bigint, d: bigint) => number>(
  "int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)",
);
const waitpid = declare<(pid: number, status: Int32Array | null, options: number) => number>(
  "int waitpid(int pid, int *status, int options)",
);

/** PR_SET_CHILD_SUBREAPER, include/uapi/linux/prctl.h. */
const PR_SET_CHILD_SUBREAPER = 36;
/** WNOHANG, include/uapi/linux/wait.h. */
const WNOHANG = 1;

/** From now on, orphaned descendants become children of this process, not of pid 1. */
export function becomeSubreaper(): void {
  check(prctl(PR_SET_CHILD_SUBREAPER, 1n, 0n, 0n, 0n), "prctl(PR_SET_CHILD_SUBREAPER)", "adopting orphans");
}

/**
 * Removes one dead child from the process table. Returns true when there was such a dead child. Never call it for a child that
 * Node started: libuv waits for those itself.
 */
export function reap(pid: number): boolean {
  return waitpid(pid, null, WNOHANG) === pid;
}

/**
 * The children of a process as /proc shows them now, with dead ones that were not reaped. Each thread has a list of its children
 * (/proc/PID/task/TID/children, proc_pid_task(5)). A child may be missing from a list while other children of that list exit. On a
 * kernel without such lists (CONFIG_PROC_CHILDREN), the parent of every process is read; with a hundred processes, that costs a
 * hundred times as much.
 */
export function childrenOf(pid: number): number[] {
  const lists = threadsOf(pid).map((thread) => shortText(`/proc/${pid}/task/${thread}/children`));
  if (lists.length > 0 && lists.every((list) => list === null)) return childrenAmongAll(pid);
  return lists.flatMap((list) => (list ?? "").split(" ").filter(Boolean).map(Number));
}

function childrenAmongAll(pid: number): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((candidate) => Number.isInteger(candidate) && parentOf(candidate) === pid);
}

/** The parent of a process (proc_pid_stat(5), field 4); null when the process has exited. */
function parentOf(pid: number): number | null {
  const stat = shortText(`/proc/${pid}/stat`);
  // The name in brackets can contain blanks and brackets. After the last closing bracket, fields are separated by single blanks.
  return stat === null ? null : Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

/** A process and all its current descendants, itself first. For a process that has exited, its own pid alone. */
export function descendants(pid: number): number[] {
  const family = [pid];
  for (const one of family) family.push(...childrenOf(one));
  return family;
}
