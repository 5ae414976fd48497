import type { HostName } from "../model/names.ts";
import { type Evidence, samplesOf } from "./evidence.ts";
import { type Sockets, socketSeries } from "./sockets.ts";

/** For how long sockets were seen. */
export interface Lasted {
  /** From the first look that saw one to the first that saw none any more; to the last look, where all saw one. */
  seconds: number;
  /** Whether a look saw none any more. If not, they may have lasted longer. */
  isOver: boolean;
}

/** For how long there were such sockets, the longest time without a gap; null when none was ever seen. */
export function lasted(evidence: Evidence, which: Sockets): Lasted | null {
  const series = socketSeries(evidence, which);
  const stretch = series.longest((count) => count > 0);
  if (stretch === null) return null;
  const gone = series.points.find(({ atUs }) => atUs > stretch.toUs);
  return { seconds: ((gone?.atUs ?? stretch.toUs) - stretch.fromUs) / 1e6, isOver: gone !== undefined };
}

/**
 * By how much later the timer of a host's one TIME-WAIT was to run out at the last look that saw it than at the first, in
 * milliseconds; null when fewer than two looks saw it.
 */
export function timeWaitPutOffMs(evidence: Evidence, host: HostName): number | null {
  const ends = samplesOf(evidence, "sockets", host).flatMap(({ atUs, groups }) =>
    groups
      .filter(({ state }) => state === "TIME-WAIT")
      // A timer that is due and late shows 0, which is no longer the time at which it was to run out.
      .flatMap(({ examples }) => examples.slice(0, 1).filter(({ timerMs }) => timerMs > 0))
      .map(({ timerMs }) => atUs / 1000 + timerMs),
  );
  const [first, last] = [ends[0], ends.at(-1)];
  return first === undefined || last === undefined || ends.length < 2 ? null : last - first;
}
