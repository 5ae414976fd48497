import type { Look, ThreadTime } from "./load-run.ts";

/** How busy the busiest of some threads was, as shares of one processor's time. */
export interface Busy {
  /** On a processor. */
  cpu: number;
  /** On a processor or waiting for one: it had work. */
  busy: number;
}

/**
 * The busiest of the threads that `whose` picks from a look, between two moments on CLOCK_MONOTONIC; null when there were fewer than
 * two looks at threads in that time.
 */
export function busiest(
  looks: readonly Look[],
  between: { fromUs: number; toUs: number },
  whose: (look: Look) => readonly ThreadTime[] | null,
): Busy | null {
  const seen = looks.filter(
    (look) =>
      look.monotonicUs >= between.fromUs &&
      look.monotonicUs <= between.toUs &&
      (whose(look)?.length ?? 0) > 0,
  );
  const [first, last] = [seen[0], seen.at(-1)];
  if (first === undefined || last === undefined || first === last) return null;
  const forMs = (last.monotonicUs - first.monotonicUs) / 1000;
  const before = new Map((whose(first) ?? []).map((thread) => [thread.tid, thread]));
  let most: Busy = { cpu: 0, busy: 0 };
  for (const { tid, ranMs, waitedMs } of whose(last) ?? []) {
    const was = before.get(tid) ?? { ranMs: 0, waitedMs: 0 };
    const cpu = (ranMs - was.ranMs) / forMs;
    const busy = Math.min(1, cpu + (waitedMs - was.waitedMs) / forMs);
    if (busy > most.busy) most = { cpu, busy };
  }
  return most;
}
