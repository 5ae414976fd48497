/** When a server stalls: in every period it stalls once, from `offsetUs` on, and holds all answers until the end of the stall. */
export interface Schedule {
  periodUs: number;
  offsetUs: number;
  stallUs: number;
}

/** A stall for a fifth of the time. The schedule is on CLOCK_MONOTONIC, so the server and the bench need no messages to agree on it. */
export const SCHEDULE: Schedule = { periodUs: 1_000_000, offsetUs: 500_000, stallUs: 200_000 };

/** When a request that arrives at `atUs` is answered: at once, or at the end of the stall. */
export function answeredUs({ periodUs, offsetUs, stallUs }: Schedule, atUs: number): number {
  const sinceUs = (((atUs - offsetUs) % periodUs) + periodUs) % periodUs;
  return sinceUs < stallUs ? atUs - sinceUs + stallUs : atUs;
}

/** How long each request waits, if requests arrive evenly at a rate from `fromUs` on, for a number of seconds. */
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
