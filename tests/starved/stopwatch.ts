import { processorTime } from "../../harness/kernel/pressure.ts";

/** How long something took, and what processor time the whole machine used meanwhile; null where the kernel does not say. */
export interface Took {
  seconds: number;
  cpuSeconds: number | null;
}

/**
 * Begins to measure; what it gives, ends that. The processor time is the whole machine's, which is lastack's own on a quiet one: a lab's
 * processes end with their namespace, and nobody waits for them who could add up their times.
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
