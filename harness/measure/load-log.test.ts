import { build, encodeIntoCompressedBase64, HistogramLogReader } from "hdr-histogram-js";
import { expect, test } from "vitest";
import type { LoadSecond } from "../model/load.ts";
import { loadLog } from "./load-log.ts";

function encoded(...us: number[]): string {
  const histogram = build({ numberOfSignificantValueDigits: 3 });
  for (const one of us) histogram.recordValue(one);
  return encodeIntoCompressedBase64(histogram);
}

type ToldSecond = LoadSecond & { monotonicUs: number };

function second(nth: number, thread: number, total: number[], changes: Partial<ToldSecond> = {}): ToldSecond {
  return {
    monotonicUs: 5e6 + nth * 1e6,
    thread,
    second: nth,
    outcomes: {},
    connections: 0,
    connect: null,
    firstByte: encoded(...total),
    total: encoded(...total),
    pacing: null,
    ...changes,
  };
}

const SEEN = ["tag", "totalCount", "maxValue"] as const;

/** What HdrHistogram's own reader reads from a log. */
function read(text: string): Record<string, unknown>[] {
  const reader = new HistogramLogReader(text);
  const found: Record<string, unknown>[] = [];
  for (let one = reader.nextIntervalHistogram(); one !== null; one = reader.nextIntervalHistogram()) {
    const { startTimeStampMsec, endTimeStampMsec } = one;
    found.push({
      ...Object.fromEntries(SEEN.map((key) => [key, one[key]])),
      seconds: [startTimeStampMsec / 1000, endTimeStampMsec / 1000],
    });
  }
  return found;
}

test("HdrHistogram's reader finds each second by tag, threads together", () => {
  const log = loadLog(
    [
      second(1, 1, [100, 200]),
      second(1, 2, [300], { pacing: encoded(7) }),
      second(2, 1, [400], { pacing: encoded(9), monotonicUs: 6.5e6 }),
    ],
    1_700_000_000_000_000,
  );
  expect(log).toMatch(/^#lastack load: microseconds/);
  expect(log).toMatch(/\[Histogram log format version 1\.3\]/);
  expect(read(log)).toEqual([
    { tag: "firstByte", totalCount: 3, maxValue: 300, seconds: [1_700_000_005, 1_700_000_006] },
    { tag: "total", totalCount: 3, maxValue: 300, seconds: [1_700_000_005, 1_700_000_006] },
    // One thread has no pacing in the first second, so the sum over the threads has none.
    { tag: "firstByte", totalCount: 1, maxValue: 400, seconds: [1_700_000_006, 1_700_000_006.5] },
    { tag: "total", totalCount: 1, maxValue: 400, seconds: [1_700_000_006, 1_700_000_006.5] },
    { tag: "pacing", totalCount: 1, maxValue: 9, seconds: [1_700_000_006, 1_700_000_006.5] },
  ]);
});

test("a load that reported nothing has a log without lines", () => {
  expect(read(loadLog([], 0))).toEqual([]);
});
