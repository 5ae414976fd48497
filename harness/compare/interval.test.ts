import fc from "fast-check";
import { expect, test } from "vitest";
import { bootstrap, median, middle } from "./interval.ts";

const values = fc.array(fc.double({ min: 1, max: 1000, noNaN: true }), { minLength: 2, maxLength: 9 });

test("the median lies in its interval, and the interval lies within the values of the repetitions", () => {
  fc.assert(
    fc.property(values, (all) => {
      const estimate = middle(all);
      expect(estimate).not.toBeNull();
      const { median: half, low, high } = estimate!;
      expect(low!).toBeLessThanOrEqual(half);
      expect(half).toBeLessThanOrEqual(high!);
      expect(low!).toBeGreaterThanOrEqual(Math.min(...all));
      expect(high!).toBeLessThanOrEqual(Math.max(...all));
      expect(middle(all)).toEqual(estimate);
    }),
    { numRuns: 20 },
  );
});

test("the interval of equal repetitions has no width, and a single one has no interval", () => {
  expect(middle([7, 7, 7, 7, 7])).toEqual({ median: 7, low: 7, high: 7 });
  expect(middle([7])).toEqual({ median: 7, low: null, high: null });
});

test("the interval of five repetitions is as wide as they differ, and that of many is narrower", () => {
  expect(middle([10, 11, 12, 13, 14])).toEqual({ median: 12, low: 10, high: 14 });
  const many = middle(Array.from({ length: 97 }, (_, nth) => nth))!;
  expect(many.low!).toBeGreaterThan(30);
  expect(many.high!).toBeLessThan(66);
});

test("a figure that more than half of the repetitions lack is null", () => {
  expect(middle([])).toBeNull();
  expect(middle([1, null, null])).toBeNull();
  expect(middle([1, 2, null])).toEqual({ median: 1.5, low: 1, high: 2 });
});

test("a figure that is computed from others is drawn with its repetitions, and NaN gives null", () => {
  const short = [10, 20, 40];
  const kept = [20, 40, 80];
  const twice = bootstrap(3, (drawn) => median(drawn.map((nth) => kept[nth]! / short[nth]!)));
  expect(twice).toEqual({ median: 2, low: 2, high: 2 });
  expect(bootstrap(3, () => Number.NaN)).toBeNull();
});

test("the median of an even number is the mean of the two in the middle", () => {
  expect(median([])).toBeNaN();
  expect(median([7])).toBe(7);
  expect(median([97, 3])).toBe(50);
  expect(median([5, 1, 3, 100])).toBe(4);
});
