import type { HostName } from "../model/names.ts";
import { type Evidence, samplesOf } from "./evidence.ts";
import { lengthUs } from "./series.ts";
import { type Sockets, socketSeries } from "./sockets.ts";

/** How long sockets were seen. */
export interface Lasted {
  /** From the first look that saw one to the first later look that saw none; if there is none, to the last look. */
  seconds: number;
  /** Whether a later look saw none. If not, the sockets can have lasted longer. */
  isOver: boolean;
}

/** How long there were such sockets: the longest time without a gap; null when none was ever seen. */
export function lasted(evidence: Evidence, which: Sockets): Lasted | null {
  const series = socketSeries(evidence, which);
  const stretch = series.longest((count) => count > 0);
  if (stretch === null) return null;
  const gone = series.points.find(({ atUs }) => atUs > stretch.toUs);
  return { seconds: ((gone?.atUs ?? stretch.toUs) - stretch.fromUs) / 1e6, isOver: gone !== undefined };
}

/** The longest time without a break in which looks saw such sockets, in seconds; 0 if none saw any, null without looks. */
export function secondsSeen(evidence: Evidence, which: Sockets): number | null {
  const series = socketSeries(evidence, which);
  if (series.isEmpty) return null;
  const stretch = series.longest((count) => count > 0);
  return stretch === null ? 0 : lengthUs(stretch) / 1e6;
}

/** From the first look that saw such sockets to the last one, in seconds, even with breaks; null if none saw any. */
export function secondsFirstToLast(evidence: Evidence, which: Sockets): number | null {
  const seen = socketSeries(evidence, which).points.filter(({ value }) => value > 0);
  const [first, last] = [seen.at(0), seen.at(-1)];
  return first === undefined || last === undefined ? null : (last.atUs - first.atUs) / 1e6;
}

/** From the first look that saw such sockets to the next look that saw none, in seconds; null if none saw any, or they stayed. */
export function secondsUntilGone(evidence: Evidence, which: Sockets): number | null {
  const { points } = socketSeries(evidence, which);
  const first = points.find(({ value }) => value > 0);
  const gone = points.find(({ atUs, value }) => first !== undefined && atUs > first.atUs && value === 0);
  return first === undefined || gone === undefined ? null : (gone.atUs - first.atUs) / 1e6;
}

/** From an intervention to the first look that saw no such socket, in seconds; infinite if they stayed, null if it was not done. */
export function secondsAfter(evidence: Evidence, intervention: string, which: Sockets): number | null {
  const done = samplesOf(evidence, "intervention").find((one) => one.name === intervention && one.done);
  if (done === undefined) return null;
  const { points } = socketSeries(evidence, which);
  const gone = points.find(({ atUs, value }) => atUs >= done.atUs && value === 0);
  return gone === undefined ? Number.POSITIVE_INFINITY : (gone.atUs - done.atUs) / 1e6;
}

/** The most such sockets that a look saw before an intervention was done, or in the whole trial if it was not; null without a look. */
export function mostBefore(evidence: Evidence, intervention: string, which: Sockets): number | null {
  const done = samplesOf(evidence, "intervention").find(({ name }) => name === intervention);
  return socketSeries(evidence, which).window(0, done?.atUs ?? Number.POSITIVE_INFINITY).peak?.value ?? null;
}

/**
 * By how much the end of a host's one TIME-WAIT was put off, in milliseconds: the time at which its timer was due at the last look that
 * saw it, minus the same at the first look; null when fewer than two looks saw it.
 */
export function timeWaitPutOffMs(evidence: Evidence, host: HostName): number | null {
  const ends = samplesOf(evidence, "sockets", host).flatMap(({ atUs, groups }) =>
    groups
      .filter(({ state }) => state === "TIME-WAIT")
      // A timer that is overdue shows 0, from which its due time cannot be computed.
      .flatMap(({ examples }) => examples.slice(0, 1).filter(({ timerMs }) => timerMs > 0))
      .map(({ timerMs }) => atUs / 1000 + timerMs),
  );
  const [first, last] = [ends[0], ends.at(-1)];
  return first === undefined || last === undefined || ends.length < 2 ? null : last - first;
}
