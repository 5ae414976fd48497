// Taken once: process is a getter of the global object, and this is read several times an attempt.
const { hrtime } = process;

/** A moment of CLOCK_MONOTONIC so long after the start of this process, on its main thread; now, when that is past. In microseconds. */
export function sinceStartUs(ms: number): number {
  return monotonicUs() + Math.max(Math.round((ms - performance.now()) * 1000), 0);
}

/** CLOCK_MONOTONIC in whole microseconds: what process.hrtime reads on Linux (uv_hrtime, clock_gettime(2)). */
export function monotonicUs(): number {
  return Number(hrtime.bigint() / 1000n);
}
