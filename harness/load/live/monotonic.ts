/** CLOCK_MONOTONIC in whole microseconds, the clock of the load programs' lines, too (uv_hrtime). */
export function monotonicUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
