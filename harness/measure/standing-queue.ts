import type { ListenerRow } from "../model/sample.ts";
import type { HostName } from "../model/names.ts";
import { counterSeries } from "./counters.ts";
import { type Evidence, samplesOf } from "./evidence.ts";
import type { Series } from "./series.ts";

/** A listener from which nobody accepted for a time. */
export interface StandingQueue {
  host: HostName;
  port: number;
  /** The longest such time. */
  fromUs: number;
  toUs: number;
  /** How many connections waited at its end. */
  queue: number;
  /** The processes that held the listening socket then; empty where nobody read that. A dump need not show them: see unread.ts. */
  readonly pids: number[];
}

/** A listener in one look. */
interface Point {
  atUs: number;
  queue: number;
  isFull: boolean;
  listener: ListenerRow | null;
}

/**
 * The listeners at which `least` or more connections waited for accept() for `forMs`, and none was accepted. None was accepted while the
 * queue did not get shorter from sample to sample. A full queue is refilled at once, so while it is full, no new connection may come
 * either: TcpPassiveOpens, which counts connections of all listeners when they enter a queue (tcp_create_openreq_child() in
 * net/ipv4/tcp_minisocks.c), must not move.
 */
export function standingQueues(
  evidence: Evidence,
  { least, forMs }: { least: number; forMs: number },
): StandingQueue[] {
  const listeners = new Map<string, { host: HostName; port: number; points: Point[] }>();
  for (const { host, atUs, listeners: seen } of samplesOf(evidence, "listeners")) {
    for (const listener of seen) {
      const { inode, port, queue, backlog } = listener;
      const known = listeners.get(`${host} ${inode}`) ?? { host, port, points: [] };
      known.points.push({ atUs, queue, isFull: queue > backlog, listener });
      listeners.set(`${host} ${inode}`, known);
    }
  }
  return [...listeners.values()].flatMap(({ host, port, points }) => {
    const opens = counterSeries(evidence, { host, counter: "TcpPassiveOpens" });
    const { from, to } = longest(points, least, opens);
    if (to.atUs - from.atUs < forMs * 1000 || to.queue < least) return [];
    const stands = { host, port, fromUs: from.atUs, toUs: to.atUs, queue: to.queue };
    return [
      {
        ...stands,
        get pids() {
          return to.listener?.pids ?? [];
        },
      },
    ];
  });
}

/** The longest time in which the queue stands: its first and last look. */
function longest(points: Point[], least: number, opens: Series): { from: Point; to: Point } {
  const nobody: Point = { atUs: 0, queue: 0, isFull: false, listener: null };
  let best = { from: nobody, to: nobody };
  let from: Point | null = null;
  let before: Point | null = null;
  for (const point of points) {
    if (point.queue < least) from = null;
    else if (from === null || before === null || !goesOn(before, point, opens)) from = point;
    if (from !== null && point.atUs - from.atUs > best.to.atUs - best.from.atUs) best = { from, to: point };
    before = point;
  }
  return best;
}

/** Whether nobody can have accepted between two looks. */
function goesOn(before: Point, point: Point, opens: Series): boolean {
  if (point.queue < before.queue) return false;
  return !before.isFull || !opened(opens, before.atUs, point.atUs);
}

/** Whether a connection may have come between two moments, by the samples of the counter before and after them. */
function opened(opens: Series, fromUs: number, toUs: number): boolean {
  const before = opens.window(0, fromUs).last;
  const after = opens.window(toUs, Number.POSITIVE_INFINITY).first ?? opens.last;
  return before === null || after === null || after.value > before.value;
}
