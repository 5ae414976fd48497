import { Deadline, waitedBy } from "../../harness/lab/deadline.ts";
import { descendants } from "../../harness/kernel/process.ts";

/**
 * Waits until something is so, asking again and again, with a bound, which stands still while this test or a process that descends from
 * it is ready to run and has no processor: what is waited for is one of them. Gives what was last seen when the bound is reached.
 */
export async function until<T>(look: () => T, good: (seen: T) => boolean, withinMs: number): Promise<T> {
  const bound = new Deadline(
    withinMs,
    waitedBy(() => descendants(process.pid)),
  );
  for (;;) {
    // Before the look: what comes about while this process has no processor is still seen.
    const { isOver } = bound;
    const seen = look();
    if (good(seen) || isOver) return seen;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
