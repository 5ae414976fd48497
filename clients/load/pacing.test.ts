import fc from "fast-check";
import { expect, test } from "vitest";
import { dueAtUs, sleepMs } from "./pacing.ts";

test("attempts are due at equal intervals from the start", () => {
  expect([1, 2, 3, 98].map((attempt) => dueAtUs(1000, attempt, 97))).toEqual([
    1000, 11_309, 21_619, 1_001_000,
  ]);
});

test("without a rate all are due at once", () => {
  expect(dueAtUs(1000, 47, 0)).toBe(1000);
});

test("rounding errors do not add up: the n-th attempt is due within a microsecond of its exact time", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.double({ min: 0.01, max: 100_000, noNaN: true }),
      (attempt, rate) => {
        expect(Math.abs(dueAtUs(0, attempt, rate) - ((attempt - 1) / rate) * 1e6)).toBeLessThanOrEqual(0.6);
      },
    ),
  );
});

test("a sleep lasts until its time or for the maximum, and is never negative", () => {
  expect(sleepMs(1000, 1001, 50)).toBe(1);
  expect(sleepMs(1000, 3000, 50)).toBe(2);
  expect(sleepMs(1000, 900, 50)).toBe(0);
  expect(sleepMs(1000, Infinity, 50)).toBe(50);
});
