import type { Look } from "./load-run.ts";

/** From this share of a processor on, threads that ended did too much to call the busiest of the others the busiest of all. */
const MUCH = 0.1;

/**
 * How many processors were used by threads of the server that ended between two moments on CLOCK_MONOTONIC: the time of its processes
 * without that of the threads that are left. A server with a thread for each connection has most of its time there. 0 where it is not
 * known, or not much.
 */
export function endedThreadsCores(
  looks: readonly Look[],
  { fromUs, toUs }: { fromUs: number; toUs: number },
): number {
  const seen = looks.flatMap(({ monotonicUs, server, serverCpuMs }) =>
    monotonicUs >= fromUs && monotonicUs <= toUs && server !== null && serverCpuMs !== null
      ? [{ monotonicUs, server, serverCpuMs }]
      : [],
  );
  const [first, last] = [seen[0], seen.at(-1)];
  if (first === undefined || last === undefined || first === last) return 0;
  const before = new Map(first.server.map(({ tid, ranMs }) => [tid, ranMs]));
  const left = last.server.reduce((sum, { tid, ranMs }) => sum + ranMs - (before.get(tid) ?? 0), 0);
  const endedMs = last.serverCpuMs - first.serverCpuMs - left;
  const cores = (endedMs * 1000) / (last.monotonicUs - first.monotonicUs);
  return cores < MUCH ? 0 : cores;
}
