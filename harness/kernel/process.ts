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
 * Takes one dead child off the process table. True when it was there and dead. Never call it for a child that Node
 * started: libuv waits for those itself.
 */
export function reap(pid: number): boolean {
  return waitpid(pid, null, WNOHANG) === pid;
}

/**
 * The children of a process as /proc shows them now, dead ones that nobody has reaped included. Each of its threads has a list
 * (/proc/PID/task/TID/children, proc_pid_task(5)), from which one may be missing while others of it end; a kernel that keeps no such
 * lists (CONFIG_PROC_CHILDREN) is asked for every process there is, which costs a hundred times as much on a machine with as many.
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

/** The parent of a process (proc_pid_stat(5), field 4); null when it is gone. */
function parentOf(pid: number): number | null {
  const stat = shortText(`/proc/${pid}/stat`);
  // The name in brackets may hold blanks and brackets itself: what follows its last one is plain.
  return stat === null ? null : Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

/** A process and all that descend from it now, itself first; of one that is gone, it alone. */
export function descendants(pid: number): number[] {
  const family = [pid];
  for (const one of family) family.push(...childrenOf(one));
  return family;
}
