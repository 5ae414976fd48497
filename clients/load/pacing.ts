/**
 * When an attempt is due, in microseconds: the first (1) at the start, and each later one an interval after the one before,
 * whatever the outcome of that one. All times count from the start, so rounding errors do not add up. At rate 0 every attempt is
 * due at the start.
 */
export function dueAtUs(startUs: number, attempt: number, ratePerSecond: number): number {
  if (ratePerSecond === 0) return startUs;
  return startUs + Math.round(((attempt - 1) * 1e6) / ratePerSecond);
}

/**
 * How many whole milliseconds to sleep until `untilUs`, at most `mostMs`. Rounded up, because waking early would only mean
 * another sleep.
 */
export function sleepMs(nowUs: number, untilUs: number, mostMs: number): number {
  return Math.min(Math.max(Math.ceil((untilUs - nowUs) / 1000), 0), mostMs);
}
