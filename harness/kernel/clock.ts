import { check, declare } from "./libc.ts";

const clockGettime = declare<(clock: number, time: BigInt64Array) => number>(
  "int clock_gettime(int clockid, void *tp)",
);

/** include/uapi/linux/time.h. */
const CLOCK_REALTIME = 0;
const CLOCK_MONOTONIC = 1;
const CLOCK_THREAD_CPUTIME_ID = 3;
const CLOCK_BOOTTIME = 7;
/** include/linux/posix-timers_types.h. */
const CPUCLOCK_SCHED = 2;

// struct timespec on 64-bit machines: seconds and nanoseconds, eight bytes each.
const time = new BigInt64Array(2);

/** CLOCK_REALTIME in microseconds since 1970-01-01 UTC, with what is less (clock_gettime(2)). */
export function realTimeUs(): number {
  return readUs(CLOCK_REALTIME);
}

/** Processor time that the calling thread has used so far, in milliseconds to the nanosecond (clock_gettime(2)). */
export function threadCpuMs(): number {
  return readUs(CLOCK_THREAD_CPUTIME_ID) / 1000;
}

/** How long the machine has been suspended since it was booted, in microseconds: CLOCK_BOOTTIME goes on then, and CLOCK_MONOTONIC does not. */
export function suspendedUs(): number {
  return Math.max(0, Math.round(readUs(CLOCK_BOOTTIME) - readUs(CLOCK_MONOTONIC)));
}

function readUs(clock: number): number {
  check(clockGettime(clock, time), "clock_gettime", `clock ${clock}`);
  return Number(time[0]) * 1e6 + Number(time[1]) / 1000;
}

/**
 * Processor time that a process has used so far, all its threads and those that have ended, user and system, in milliseconds
 * to the nanosecond. null when there is no such process. The clock is the one that clock_getcpuclockid(3) names.
 */
export function processCpuMs(pid: number): number | null {
  const result = clockGettime((~pid << 3) | CPUCLOCK_SCHED, time);
  return result < 0 ? null : Number(time[0]) * 1000 + Number(time[1]) / 1e6;
}
