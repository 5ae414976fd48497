// Read once, because `process` is a getter of the global object and each attempt needs the clock several times.
const { hrtime } = process;

/**
 * The time on CLOCK_MONOTONIC, in microseconds, that is `ms` after the start of this process; now if that time is past.
 * For the main thread only.
 */
export function sinceStartUs(ms: number): number {
  return monotonicUs() + Math.max(Math.round((ms - performance.now()) * 1000), 0);
}

/** CLOCK_MONOTONIC in whole microseconds. It is the clock that process.hrtime reads on Linux (uv_hrtime, clock_gettime(2)). */
export function monotonicUs(): number {
  return Number(hrtime.bigint() / 1000n);
}
