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

/** CLOCK_REALTIME in microseconds since 1970-01-01 UTC, with fractions (clock_gettime(2)). */
export function realTimeUs(): number {
  return readUs(CLOCK_REALTIME);
}

/** Processor time of the calling thread so far, in milliseconds with a resolution of nanoseconds (clock_gettime(2)). */
export function threadCpuMs(): number {
  return readUs(CLOCK_THREAD_CPUTIME_ID) / 1000;
}

/** Microseconds since the machine booted, with the time that it was suspended (CLOCK_BOOTTIME). */
export function sinceBootUs(): number {
  return readUs(CLOCK_BOOTTIME);
}

/** For how many microseconds the machine has been suspended since it booted: CLOCK_BOOTTIME goes on meanwhile, CLOCK_MONOTONIC does not. */
export function suspendedUs(): number {
  return Math.max(0, Math.round(readUs(CLOCK_BOOTTIME) - readUs(CLOCK_MONOTONIC)));
}

function readUs(clock: number): number {
  check(clockGettime(clock, time), "clock_gettime", `clock ${clock}`);
  return Number(time[0]) * 1e6 + Number(time[1]) / 1000;
}

/**
 * Processor time of a process so far, user and system, of all its threads, including those that have ended. In milliseconds with
 * a resolution of nanoseconds; null when there is no such process. The clock is that of clock_getcpuclockid(3).
 */
export function processCpuMs(pid: number): number | null {
  const result = clockGettime((~pid << 3) | CPUCLOCK_SCHED, time);
  return result < 0 ? null : Number(time[0]) * 1000 + Number(time[1]) / 1e6;
}
