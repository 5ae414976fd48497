import { expect, test } from "vitest";
import { killTour } from "./lab/killed-tour.ts";
import { WHO } from "./lab/user.ts";

/** Moments of the tour: before the lab is up, while it comes up, and in the midst of the trials. */
const MOMENTS_MS = [60, 180, 400, 1500, 4000];

test.each(MOMENTS_MS.map((atMs, n) => ({ atMs, who: WHO[n % WHO.length] ?? "own" })))(
  "SIGKILL to the runner after $atMs ms, as $who user, leaves nothing",
  async ({ atMs, who }) => {
    const remains = await killTour(who, atMs);
    expect(remains.left).toEqual([]);
    // Late moments must have had something to leave: otherwise this test looked at nothing.
    if (atMs >= 1500) expect(remains.processesBefore).toBeGreaterThan(2);
  },
);
