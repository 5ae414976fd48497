// Taken once: process is a getter of the global object, and this is read several times an attempt.
const { hrtime } = process;

/** CLOCK_MONOTONIC in whole microseconds: what process.hrtime reads on Linux (uv_hrtime, clock_gettime(2)). */
export function monotonicUs(): number {
  return Number(hrtime.bigint() / 1000n);
}
