import { readdirSync, readFileSync } from "node:fs";
import { check, declare } from "./libc.ts";

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

/** The children of a process as /proc shows them now, dead ones that nobody has reaped included (proc_pid_stat(5), field 4). */
export function childrenOf(pid: number): number[] {
  const children: number[] = [];
  for (const entry of readdirSync("/proc")) {
    const candidate = Number(entry);
    if (!Number.isInteger(candidate)) continue;
    try {
      const stat = readFileSync(`/proc/${candidate}/stat`, "latin1");
      // The name in brackets may hold blanks and brackets itself: what follows its last one is plain.
      const parent = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
      if (Number(parent) === pid) children.push(candidate);
    } catch {
      // Gone between the listing and the look.
    }
  }
  return children;
}
