import type { HostName } from "../model/names.ts";
import { type Evidence, samplesOf } from "./evidence.ts";
import type { Series } from "./series.ts";
import { seriesOfHosts } from "./series.ts";

/** A counter of a host, by the name that nstat prints. Without a host: that of the view's one host, or the sum over all hosts. */
export interface Counter {
  host?: HostName;
  counter: string;
}

/** How far a counter had moved since the trial's start, with a point for every look at its host. */
export function counterSeries(evidence: Evidence, { host, counter }: Counter): Series {
  return seriesOfHosts(samplesOf(evidence, "counters", host), (sample) => sample.deltas[counter] ?? 0);
}

/** How far a counter moved in the whole trial: 0 when it was read and did not move; null when it was never read. */
export function counterDelta(evidence: Evidence, which: Counter): number | null {
  return counterSeries(evidence, which).last?.value ?? null;
}

/** Every counter of a host that had moved at the last look, by name; null when there was no look. */
export function countersMoved(evidence: Evidence, host: HostName): Record<string, number> | null {
  const deltas = samplesOf(evidence, "counters", host).at(-1)?.deltas;
  return deltas === undefined
    ? null
    : Object.fromEntries(Object.entries(deltas).filter(([, delta]) => delta !== 0));
}
