/** The time between two looks, unless a look takes longer. */
const EVERY_MS = 200;
/** All looks stay in memory until they are judged. A longer examination looks less often. */
const MOST_LOOKS = 240;
/** The looks may use this share of a processor: the doctor should not load a machine that is in trouble. */
const MOST_BUSY = 0.25;
/**
 * How late a look may be. Most symptoms are about what lasts for 1.5 s and longer, or about counters, which miss nothing. On two processors with
 * eight to twelve busy processes for each of them, looks came 0.4 to 0.7 s late, and there were still seven in three seconds.
 */
const LATE_MS = 1000;
/** The shortest suspension of the machine that counts: longer than it takes to read the clocks. */
const SUSPENDED_MS = 10;

/** When a look began, and what it cost. All times are in milliseconds. */
export interface LookTime {
  beganMs: number;
  tookMs: number;
  /** The processor time that this thread had used when the look began, and what it used for the look. */
  cpuBeforeMs: number;
  cpuMs: number;
  /** How long this thread has been ready to run without a processor, up to the end of the look; null where the kernel does not count it. */
  waitedMs: number | null;
  /** How long the machine has been suspended. */
  suspendedMs: number;
}

/** The time between the beginnings of two looks of an examination. */
export function everyMs(seconds: number): number {
  return Math.max(EVERY_MS, (seconds * 1000) / MOST_LOOKS);
}

/** How long to wait after a look. */
export function pauseMs({ tookMs, cpuMs }: LookTime, every: number): number {
  return Math.max(every - tookMs, cpuMs / MOST_BUSY);
}

/**
 * Why these looks may have missed something, as a clause: one of them came late, or took long without a processor; or the machine was
 * suspended. null when there was no such thing.
 */
export function lackOf(times: readonly LookTime[], every: number): string | null {
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return null;
  const suspendedMs = last.suspendedMs - first.suspendedMs;
  if (suspendedMs >= SUSPENDED_MS) return `the machine was suspended for ${seconds(suspendedMs)}`;
  const late = times.map((time, nth) => lateMs(time, times[nth + 1], every));
  const longestMs = Math.max(...late);
  if (longestMs < Math.max(LATE_MS, 2 * every)) return null;
  const totalMs = last.beganMs + last.tookMs - first.beganMs;
  const waited = first.waitedMs === null || last.waitedMs === null ? 0 : last.waitedMs - first.waitedMs;
  const how =
    waited < longestMs / 2
      ? "lastack was stopped, or the machine gave it no time"
      : `lastack was ready to run and had no processor for ${seconds(waited)} of ${seconds(totalMs)}`;
  return `the machine is starved: a sample came ${seconds(longestMs)} late, because ${how}`;
}

/** How much later than planned the look after this one began; without one, how much of this look passed without a processor. */
function lateMs(time: LookTime, next: LookTime | undefined, every: number): number {
  const { beganMs, tookMs, cpuBeforeMs, cpuMs } = time;
  if (next === undefined) return tookMs - cpuMs;
  // What this thread did between the two looks was its own choice: it judged.
  const judgedMs = next.cpuBeforeMs - cpuBeforeMs - cpuMs;
  const plannedMs = Math.max(every, cpuMs + cpuMs / MOST_BUSY) + judgedMs;
  return next.beganMs - beganMs - plannedMs;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
