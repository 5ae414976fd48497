import { processorTime } from "../../harness/kernel/pressure.ts";

/** How long something took, and how much processor time the whole machine used meanwhile; null if the kernel does not say. */
export interface Took {
  seconds: number;
  cpuSeconds: number | null;
}

/**
 * Begins to measure, and returns a function that ends the measurement. It measures the whole machine's processor time, which on a quiet
 * machine is lastack's own. The times of a lab's processes cannot be added up: they end with their namespace, and no process waits for
 * them.
 */
export function startWatch(): () => Took {
  const beganMs = performance.now();
  const before = processorTime();
  return () => {
    const after = processorTime();
    return {
      seconds: (performance.now() - beganMs) / 1000,
      cpuSeconds: before === null || after === null ? null : (after.usedUs - before.usedUs) / 1_000_000,
    };
  };
}
