/**
 * When an attempt is due, in microseconds: the first (1) at the start, and each a rate's interval after the one
 * before, whatever became of that one. Counted from the start and not from the last, so that no error adds up.
 * At rate 0 every attempt is due at the start.
 */
export function dueAtUs(startUs: number, attempt: number, ratePerSecond: number): number {
  if (ratePerSecond === 0) return startUs;
  return startUs + Math.round(((attempt - 1) * 1e6) / ratePerSecond);
}

/**
 * How many whole milliseconds to sleep until a moment: rounded up, because waking early would only mean to sleep
 * again, and never longer than `mostMs`.
 */
export function sleepMs(nowUs: number, untilUs: number, mostMs: number): number {
  return Math.min(Math.max(Math.ceil((untilUs - nowUs) / 1000), 0), mostMs);
}
