import { check, declare } from "./libc.ts";

const getrusage = declare<(who: number, usage: BigInt64Array) => number>(
  "int getrusage(int who, void *usage)",
);

/** include/uapi/linux/resource.h. */
const RUSAGE_THREAD = 1;
const RUSAGE_CHILDREN = -1;

// struct rusage on 64-bit machines, include/uapi/linux/resource.h: ru_utime and ru_stime, each with seconds and microseconds of
// eight bytes, and 14 more longs.
const LONGS = 18;
const usage = new BigInt64Array(LONGS);

/** Processor time of the calling thread in microseconds, user and system (getrusage(2)). */
export function threadCpuUs(): number {
  return cpuUs(RUSAGE_THREAD, "the calling thread");
}

/** Processor time in microseconds of the children that have exited and were waited for, and of their descendants (getrusage(2)). */
export function childrenCpuUs(): number {
  return cpuUs(RUSAGE_CHILDREN, "the children");
}

function cpuUs(who: number, about: string): number {
  check(getrusage(who, usage), "getrusage", about);
  const [userSeconds = 0n, userUs = 0n, systemSeconds = 0n, systemUs = 0n] = usage;
  return Number((userSeconds + systemSeconds) * 1_000_000n + userUs + systemUs);
}
