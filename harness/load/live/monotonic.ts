/** CLOCK_MONOTONIC in whole microseconds, which the load programs' lines have too (uv_hrtime). */
export function monotonicUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
