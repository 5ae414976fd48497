import { check, declare } from "./libc.ts";

const clockGettime = declare<(clock: number, time: BigInt64Array) => number>(
  "int clock_gettime(int clockid, void *tp)",
);

/** include/uapi/linux/time.h. */
const CLOCK_REALTIME = 0;
/** include/linux/posix-timers_types.h. */
const CPUCLOCK_SCHED = 2;

// struct timespec on 64-bit machines: seconds and nanoseconds, eight bytes each.
const time = new BigInt64Array(2);

/** CLOCK_REALTIME in microseconds since 1970-01-01 UTC, with what is less (clock_gettime(2)). */
export function realTimeUs(): number {
  check(clockGettime(CLOCK_REALTIME, time), "clock_gettime", "CLOCK_REALTIME");
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
