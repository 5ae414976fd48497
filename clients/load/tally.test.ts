import fc from "fast-check";
import { decodeFromCompressedBase64 } from "hdr-histogram-js";
import { expect, test } from "vitest";
import { Tally } from "./tally.ts";

const REFUSED = { phase: "connect", code: "ECONNREFUSED", call: "connect" } as const;
const LATE = { phase: "response", code: "timeout", call: "recv" } as const;

test("an attempt counts with its outcome, its connection and the times that it reached", () => {
  const tally = new Tally(false);
  tally.attempt({ connectUs: 11, firstByteUs: 23, totalUs: 47 }, "ok");
  tally.attempt({ connectUs: null, firstByteUs: 97, totalUs: 997 }, "ok");
  tally.attempt({ connectUs: null, firstByteUs: null, totalUs: null }, REFUSED);
  tally.attempt({ connectUs: 13, firstByteUs: 29, totalUs: null }, LATE);
  tally.neverBegun();
  const taken = tally.take();
  expect(taken.outcomes).toEqual({
    ok: 2,
    "connect ECONNREFUSED": 1,
    "response timeout": 1,
    "never begun": 1,
  });
  expect(taken.connections).toBe(2);
  const times = ([name]: ["connect" | "firstByte" | "total"]): number[] => {
    const histogram = decodeFromCompressedBase64(taken[name]);
    return [histogram.totalCount, histogram.minNonZeroValue, histogram.maxValue];
  };
  // A failed attempt counts only the time of its handshake. Its other times would make failures look fast.
  expect(times(["connect"])).toEqual([2, 11, 13]);
  expect(times(["firstByte"])).toEqual([2, 23, 97]);
  expect(times(["total"])).toEqual([2, 47, 997]);
});

test("results that were taken are not counted again", () => {
  const tally = new Tally(false);
  tally.attempt({ connectUs: 11, firstByteUs: 23, totalUs: 47 }, "ok");
  tally.neverBegun();
  tally.take();
  const { outcomes, connections, total } = tally.take();
  expect({ outcomes, connections }).toEqual({ outcomes: {}, connections: 0 });
  expect(decodeFromCompressedBase64(total).totalCount).toBe(0);
});

test("a rehearsal leaves no results", () => {
  const [fresh, rehearsed] = [new Tally(false), new Tally(false)];
  rehearsed.rehearse();
  for (const tally of [fresh, rehearsed]) {
    tally.attempt({ connectUs: 11, firstByteUs: 40_000, totalUs: 4_000_000 }, "ok");
  }
  expect(rehearsed.take()).toEqual(fresh.take());
});

test("times are correct to three digits, and a time above one hour counts as one hour", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 7_200_000_000 }), (us) => {
      const tally = new Tally(false);
      tally.attempt({ connectUs: us, firstByteUs: us, totalUs: us }, "ok");
      const told = decodeFromCompressedBase64(tally.take().total).getValueAtPercentile(100);
      const true_ = Math.min(us, 3_600_000_000);
      expect(Math.abs(told - true_)).toBeLessThanOrEqual(true_ / 1000);
    }),
    { numRuns: 50 },
  );
});
