import { build, decodeFromCompressedBase64 } from "hdr-histogram-js";
import type { Histogram, JsHistogram } from "hdr-histogram-js";
import type { LoadEnd, LoadSecond, Outcomes } from "../model/load.ts";

/** The sum over all threads of a load. */
export interface LoadSum {
  /** The longest time of a thread. */
  seconds: number;
  /** Attempts that ended `ok`, and how many a second ended `ok` in time. */
  requests: number;
  perSecond: number;
  outcomes: Outcomes;
  connections: number;
  warmUp: { outcomes: Outcomes; connections: number };
  neverBegun: number;
  /** null when a thread does not know it. */
  endedBy: LoadEnd["endedBy"];
  backedOffMs: number;
  /** Histograms of microseconds; null when a second has none. */
  connect: Histogram | null;
  firstByte: Histogram | null;
  total: Histogram | null;
  pacing: Histogram | null;
  threads: { cpuMs: number; longestLagMs: number }[];
}

/** The percentiles that are reported, by their names; the maximum is the hundredth. */
export const PERCENTILES = { p50: 50, p75: 75, p90: 90, p95: 95, p99: 99, p999: 99.9, max: 100 } as const;
export type Percentile = keyof typeof PERCENTILES;
export const PERCENTILE_NAMES = Object.keys(PERCENTILES) as Percentile[];

/** Percentiles of a histogram, in milliseconds. */
export interface LatencyMs extends Record<Percentile, number> {
  /** The number of recorded times. */
  count: number;
}

/** Sums the reports of a load's threads. Without `ends` (the load was cut off), only the figures of the seconds are known. */
export function sumLoad(seconds: readonly LoadSecond[], ends: readonly LoadEnd[]): LoadSum {
  const parts = ends.length > 0 ? ends : seconds;
  const outcomes = sumOutcomes(parts.map((part) => part.outcomes));
  const lasted = Math.max(0, ...ends.map((end) => end.seconds));
  return {
    seconds: lasted,
    requests: outcomes["ok"] ?? 0,
    perSecond: sum(ends.map((end) => (end.seconds > 0 ? end.okInTime / end.seconds : 0))),
    outcomes,
    connections: sum(parts.map((part) => part.connections)),
    warmUp: {
      outcomes: sumOutcomes(ends.map((end) => end.warmUp.outcomes)),
      connections: sum(ends.map((end) => end.warmUp.connections)),
    },
    neverBegun: sum(ends.map((end) => end.neverBegun)),
    endedBy: sumEnds(ends),
    backedOffMs: sum(ends.map((end) => end.backedOffMs)),
    connect: foldHistograms(seconds.map((second) => second.connect)),
    firstByte: foldHistograms(seconds.map((second) => second.firstByte)),
    total: foldHistograms(seconds.map((second) => second.total)),
    pacing: foldHistograms(seconds.map((second) => second.pacing)),
    threads: ends.map(({ cpuMs, longestLagMs }) => ({ cpuMs, longestLagMs })),
  };
}

/** Percentiles of a histogram of microseconds; null when it is null or empty. */
export function latencyMs(histogram: Histogram | null): LatencyMs | null {
  if (histogram === null || histogram.totalCount === 0) return null;
  // A percentile is the upper end of its bucket, which can be greater than the recorded maximum.
  const at = (percent: number): number =>
    Math.min(histogram.getValueAtPercentile(percent), histogram.maxValue) / 1000;
  const percentiles = Object.fromEntries(PERCENTILE_NAMES.map((name) => [name, at(PERCENTILES[name])]));
  return { ...(percentiles as Record<Percentile, number>), count: histogram.totalCount };
}

/** How many of the times in a histogram of microseconds are this long or longer; 0 when it is null. */
export function countFrom(histogram: Histogram | null, leastUs: number): number {
  if (histogram === null) return 0;
  let count = 0;
  const values = (histogram as JsHistogram).recordedValuesIterator;
  values.reset();
  while (values.hasNext()) {
    const { valueIteratedTo, countAtValueIteratedTo } = values.next();
    if (valueIteratedTo >= leastUs) count += countAtValueIteratedTo;
  }
  return count;
}

/** Adds encoded histograms up in a new one (a decoded one does not resize). null when there are none, or one is null. */
export function foldHistograms(encoded: readonly (string | null)[]): Histogram | null {
  if (encoded.length === 0) return null;
  const folded = build({ numberOfSignificantValueDigits: 3 });
  for (const one of encoded) {
    if (one === null) return null;
    folded.add(decodeFromCompressedBase64(one));
  }
  return folded;
}

function sumEnds(ends: readonly LoadEnd[]): LoadEnd["endedBy"] {
  const told = ends.flatMap(({ endedBy }) => (endedBy === null ? [] : [endedBy]));
  if (told.length === 0 || told.length < ends.length) return null;
  return {
    clientFin: sum(told.map((one) => one.clientFin)),
    serverFin: sum(told.map((one) => one.serverFin)),
    reset: sum(told.map((one) => one.reset)),
  };
}

function sumOutcomes(all: readonly Outcomes[]): Outcomes {
  const total: Outcomes = {};
  for (const outcomes of all) {
    for (const [outcome, count] of Object.entries(outcomes)) total[outcome] = (total[outcome] ?? 0) + count;
  }
  return total;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
