import fc from "fast-check";
import { expect, test } from "vitest";
import { percentile } from "../../../../harness/measure/percentile.ts";
import { answeredUs, type Schedule, waitsUs } from "./schedule.ts";

const SCHEDULE: Schedule = { periodUs: 1000, offsetUs: 500, stallUs: 200 };

test.each([
  [0, 0],
  [499, 499],
  [500, 700],
  [699, 700],
  [700, 700],
  [1500, 1700],
])("a request at %i is answered at %i", (at, answered) => {
  expect(answeredUs(SCHEDULE, at)).toBe(answered);
});

test("a stall that continues into the next period is one stall", () => {
  const late = { periodUs: 1000, offsetUs: 900, stallUs: 200 };
  expect([899, 900, 1000, 1099, 1100].map((at) => answeredUs(late, at))).toEqual([
    899, 1100, 1100, 1100, 1100,
  ]);
});

test("no request is answered before it arrives, after more than a stall, or out of order", () => {
  const schedule = fc
    .record({ periodUs: fc.integer({ min: 1, max: 5000 }), offsetUs: fc.integer({ min: 0, max: 5000 }) })
    .chain((part) => fc.integer({ min: 0, max: part.periodUs }).map((stallUs) => ({ ...part, stallUs })));
  const at = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(schedule, at, at, (one, a, b) => {
      const wait = answeredUs(one, a) - a;
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThanOrEqual(one.stallUs);
      expect(answeredUs(one, Math.min(a, b))).toBeLessThanOrEqual(answeredUs(one, Math.max(a, b)));
    }),
  );
});

test("of evenly spaced requests a fifth waits, from no time to the whole stall", () => {
  const second = { periodUs: 1_000_000, offsetUs: 500_000, stallUs: 200_000 };
  for (const fromUs of [0, 123_457, 499_999, 650_000]) {
    const waits = waitsUs(second, fromUs, 1000, 2);
    expect(waits).toHaveLength(2000);
    expect(waits.filter((us) => us > 0).length).toBeGreaterThanOrEqual(398);
    expect(waits.filter((us) => us > 0).length).toBeLessThanOrEqual(400);
    // One hundredth of all requests is one twentieth of those that wait.
    expect(Math.abs((percentile(waits, 99) ?? 0) - 190_000)).toBeLessThanOrEqual(1000);
    expect(percentile(waits, 50)).toBe(0);
  }
});
