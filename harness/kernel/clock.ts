import { check, declare } from "./libc.ts";

const clockGettime = declare<(clock: number, time: BigInt64Array) => number>(
  "int clock_gettime(int clockid, void *tp)",
);

/** include/uapi/linux/time.h. */
const CLOCK_REALTIME = 0;

// struct timespec on 64-bit machines: seconds and nanoseconds, eight bytes each.
const time = new BigInt64Array(2);

/** CLOCK_REALTIME in microseconds since 1970-01-01 UTC, with what is less (clock_gettime(2)). */
export function realTimeUs(): number {
  check(clockGettime(CLOCK_REALTIME, time), "clock_gettime", "CLOCK_REALTIME");
  return Number(time[0]) * 1e6 + Number(time[1]) / 1000;
}
