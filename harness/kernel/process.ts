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
