import type { ListenersSample } from "../model/sample.ts";
import type { HostName } from "../model/names.ts";
import { type Evidence, samplesOf } from "./evidence.ts";
import { type Series, seriesOfHosts } from "./series.ts";

/** Selects listening sockets. An absent field selects all. */
export interface Listeners {
  host?: HostName;
  port?: number;
}

/** A listener's queue at the moment when it was furthest over its backlog, or nearest to it. */
export interface FullestQueue {
  atUs: number;
  host: HostName;
  port: number;
  queue: number;
  backlog: number;
}

/** How many connections waited for accept(), with a point for every look. */
export function queueSeries(evidence: Evidence, which: Listeners = {}): Series {
  return seriesOfHosts(samplesOf(evidence, "listeners", which.host), (sample) =>
    meant(sample, which).reduce((sum, listener) => sum + listener.queue, 0),
  );
}

/**
 * The fullest accept queue that was seen at any of those listeners; null when no such listener was seen. A queue is full when `queue` is
 * greater than `backlog`: sk_acceptq_is_full() in include/net/sock.h allows one more than the backlog.
 */
export function fullestQueue(evidence: Evidence, which: Listeners = {}): FullestQueue | null {
  return samplesOf(evidence, "listeners", which.host)
    .flatMap((sample) =>
      meant(sample, which).map(({ port, queue, backlog }) => ({
        atUs: sample.atUs,
        host: sample.host,
        port,
        queue,
        backlog,
      })),
    )
    .reduce<FullestQueue | null>((most, one) => (most === null || room(one) < room(most) ? one : most), null);
}

function room({ queue, backlog }: FullestQueue): number {
  return backlog - queue;
}

function meant(sample: ListenersSample, which: Listeners): ListenersSample["listeners"] {
  return sample.listeners.filter((listener) => which.port === undefined || listener.port === which.port);
}
