/** When a server answers at once and when not: in every period, from an offset on, it holds what comes until the stall is over. */
export interface Schedule {
  periodUs: number;
  offsetUs: number;
  stallUs: number;
}

/** A fifth of the time. On CLOCK_MONOTONIC, so that server and judge need no word of each other. */
export const SCHEDULE: Schedule = { periodUs: 1_000_000, offsetUs: 500_000, stallUs: 200_000 };

/** When what comes at a moment is answered: then, or when the stall ends. */
export function answeredUs({ periodUs, offsetUs, stallUs }: Schedule, atUs: number): number {
  const sinceUs = (((atUs - offsetUs) % periodUs) + periodUs) % periodUs;
  return sinceUs < stallUs ? atUs - sinceUs + stallUs : atUs;
}

/** How long each of the arrivals of so many seconds waits, which come evenly at a rate from a moment on. */
export function waitsUs(
  schedule: Schedule,
  fromUs: number,
  ratePerSecond: number,
  seconds: number,
): number[] {
  const count = Math.round(ratePerSecond * seconds);
  return Array.from({ length: count }, (_, nth) => {
    const dueUs = fromUs + (nth * 1_000_000) / ratePerSecond;
    return answeredUs(schedule, dueUs) - dueUs;
  });
}
