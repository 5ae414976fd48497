import { Deadline, waitedBy } from "../../harness/lab/deadline.ts";
import { descendants } from "../../harness/kernel/process.ts";

/**
 * Waits until a condition holds, and tests it again and again, with a time limit. The limit stands still while this test or one of its
 * descendants is ready to run but has no processor, because the test waits for one of them. When the limit is reached, returns the last
 * value.
 */
export async function until<T>(look: () => T, good: (seen: T) => boolean, withinMs: number): Promise<T> {
  const bound = new Deadline(
    withinMs,
    waitedBy(() => descendants(process.pid)),
  );
  for (;;) {
    // The time is read before the value, so that a change while this process has no processor is still seen.
    const { isOver } = bound;
    const seen = look();
    if (good(seen) || isOver) return seen;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
