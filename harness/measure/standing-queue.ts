import { type Evidence, samplesOf } from "./evidence.ts";
import { counterSeries } from "./counters.ts";
import type { Series } from "./series.ts";

/** A listener in one look. */
interface Point {
  atUs: number;
  queue: number;
  isFull: boolean;
}

/**
 * The longest time in ms for which `least` or more connections waited for accept() at one listener, and none was accepted; 0 when there was
 * no such time, null when no listeners were sampled. None was accepted while the queue did not get shorter from sample to sample. A full
 * queue is refilled at once, so while it is full, no new connection may come either: TcpPassiveOpens, which counts connections of all
 * listeners when they enter a queue (tcp_create_openreq_child() in net/ipv4/tcp_minisocks.c), must not move.
 */
export function queueStandsMs(evidence: Evidence, least: number): number | null {
  const samples = samplesOf(evidence, "listeners");
  if (samples.length === 0) return null;
  const listeners = new Map<string, Point[]>();
  for (const { host, atUs, listeners: seen } of samples) {
    for (const { inode, queue, backlog } of seen) {
      const key = `${host} ${inode}`;
      const points = listeners.get(key) ?? [];
      points.push({ atUs, queue, isFull: queue > backlog });
      listeners.set(key, points);
    }
  }
  const opens = counterSeries(evidence, { counter: "TcpPassiveOpens" });
  return Math.max(0, ...[...listeners.values()].map((points) => standsUs(points, least, opens) / 1000));
}

function standsUs(points: Point[], least: number, opens: Series): number {
  let longest = 0;
  let since: Point | null = null;
  let before: Point | null = null;
  for (const point of points) {
    const goesOn =
      before !== null &&
      point.queue >= before.queue &&
      !(before.isFull && opened(opens, before.atUs, point.atUs));
    if (point.queue < least) since = null;
    else if (since === null || !goesOn) since = point;
    if (since !== null) longest = Math.max(longest, point.atUs - since.atUs);
    before = point;
  }
  return longest;
}

/** Whether a connection may have come between two moments, by the samples of the counter before and after them. */
function opened(opens: Series, fromUs: number, toUs: number): boolean {
  const before = opens.window(0, fromUs).last;
  const after = opens.window(toUs, Number.POSITIVE_INFINITY).first ?? opens.last;
  return before === null || after === null || after.value > before.value;
}
