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
 * How far below its limit a queue counts as nearly full: one place, or this share of the limit. A program that accepts now and then frees a
 * place, and the next SYN takes it only after a round trip, or after the retry's timer: a look in between finds it free.
 */
export const NEARLY = 0.03;

/** Whether an accept queue has reached its limit, which is one more than the backlog, or nearly so. An empty one never has. */
export function isNearlyFull({ queue, backlog }: { queue: number; backlog: number }): boolean {
  const limit = backlog + 1;
  return limit - queue <= Math.max(1, NEARLY * limit) && queue > limit / 2;
}

/** A queue that stays full loses places to its program one after another, and the retries of the next clients come seconds later. */
const STAYS_FULL = 0.75;

/**
 * Whether a listener's queue is nearly full in some look, and three quarters full in every one. Such a queue is not too short: connections
 * come faster than they are accepted, and a longer one would be as full a little later.
 */
export function isAlwaysFull(evidence: Evidence): boolean {
  const looks = samplesOf(evidence, "listeners").map(({ listeners }) => listeners);
  const filled = new Set(looks.flatMap((look) => look.filter(isNearlyFull).map(({ inode }) => inode)));
  const staysFull = (inode: number): boolean =>
    looks.every((look) =>
      look.some((one) => one.inode === inode && one.queue >= STAYS_FULL * one.backlog && one.queue > 0),
    );
  return looks.length > 1 && [...filled].some(staysFull);
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
