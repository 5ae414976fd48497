import { build, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import { expect, test } from "vitest";
import type { LoadEnd, LoadSecond } from "../model/load.ts";
import { countFrom, foldHistograms, latencyMs, sumLoad } from "./load.ts";

function encoded(...us: number[]): string {
  const histogram = build({ numberOfSignificantValueDigits: 3 });
  for (const one of us) histogram.recordValue(one);
  return encodeIntoCompressedBase64(histogram);
}

const second = (thread: number, total: number[], changes: Partial<LoadSecond> = {}): LoadSecond => ({
  thread,
  second: 1,
  outcomes: { ok: total.length },
  connections: 1,
  connect: encoded(7),
  firstByte: encoded(...total),
  total: encoded(...total),
  pacing: null,
  ...changes,
});

const end = (thread: number, changes: Partial<LoadEnd> = {}): LoadEnd => ({
  thread,
  seconds: 2,
  outcomes: { ok: 11 },
  okInTime: 10,
  connections: 3,
  neverBegun: 0,
  warmUp: { outcomes: { ok: 5 }, connections: 2 },
  endedBy: { clientFin: 3, serverFin: 1, reset: 0 },
  backedOffMs: 0,
  cpuMs: 100,
  longestLagMs: 1,
  ...changes,
});

test("of a histogram, the times from a length on are counted", () => {
  const histogram = foldHistograms([encoded(7, 999, 1_025_000), encoded(1_030_000, 3_050_000)]);
  expect([0, 1000, 1_000_000, 9_000_000].map((us) => countFrom(histogram, us))).toEqual([5, 3, 3, 0]);
  expect(countFrom(null, 0)).toBe(0);
});

test("threads add up, in counts, rates and histograms", () => {
  const sum = sumLoad(
    [second(1, [1000, 2000]), second(2, [3000])],
    [end(1), end(2, { seconds: 2.5, outcomes: { ok: 5, "connect timeout": 1 }, okInTime: 5 })],
  );
  expect(sum).toMatchObject({
    seconds: 2.5,
    requests: 16,
    outcomes: { ok: 16, "connect timeout": 1 },
    perSecond: 7,
    connections: 6,
    warmUp: { outcomes: { ok: 10 }, connections: 4 },
    endedBy: { clientFin: 6, serverFin: 2, reset: 0 },
  });
  expect(latencyMs(sum.total)).toMatchObject({
    count: 3,
    p50: 2,
    p99: 3.001,
    max: 3.001,
  });
  expect(latencyMs(sum.connect)?.count).toBe(2);
  expect(sum.pacing).toBeNull();
});

test("a load without an end has what its seconds have, and no rate", () => {
  const sum = sumLoad([second(1, [1000, 2000]), second(1, [3000])], []);
  expect(sum).toMatchObject({ seconds: 0, requests: 3, perSecond: 0, connections: 2, endedBy: null });
});

test("a figure that one thread does not know is null in the sum", () => {
  expect(sumLoad([second(1, [1]), second(2, [1], { connect: null })], []).connect).toBeNull();
  expect(sumLoad([], [end(1), end(2, { endedBy: null })]).endedBy).toBeNull();
});

test("nothing was measured", () => {
  expect(foldHistograms([])).toBeNull();
  expect(latencyMs(foldHistograms([encoded()]))).toBeNull();
});
