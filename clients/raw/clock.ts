/** CLOCK_MONOTONIC in whole microseconds: what process.hrtime reads on Linux (uv_hrtime, clock_gettime(2)). */
export function monotonicUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
