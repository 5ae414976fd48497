import { expect, test } from "vitest";
import { killTour } from "./lab/killed-tour.ts";
import { WHO } from "./lab/user.ts";

/** Moments of the tour: before the lab is up, while it starts, and during the trials, when much could be left behind. */
const MOMENTS = [
  ...[60, 180, 400].map((afterMs) => ({ afterMs, processes: 0 })),
  ...[1500, 4000].map((afterMs) => ({ afterMs, processes: 3 })),
];

test.each(MOMENTS.map((moment, n) => ({ ...moment, who: WHO[n % WHO.length] ?? "own" })))(
  "SIGKILL to the runner after $afterMs ms, as $who user, leaves nothing",
  async ({ who, afterMs, processes }) => {
    const remains = await killTour(who, afterMs, processes);
    expect(remains.left).toEqual([]);
    expect(remains.processesBefore).toBeGreaterThanOrEqual(processes);
  },
);
