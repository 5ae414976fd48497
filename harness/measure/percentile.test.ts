import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { percentile } from "./percentile.ts";

describe("a percentile", () => {
  test.each([
    [50, 35],
    [40, 20],
    [41, 35],
    [100, 50],
    [1, 15],
  ])("%d of five values is %d", (p, value) => {
    expect(percentile([50, 20, 35, 15, 40], p)).toBe(value);
  });

  test("of none is null", () => {
    expect(percentile([], 99)).toBeNull();
  });

  test("99.9 of a thousand is the 999th", () => {
    expect(
      percentile(
        Array.from({ length: 1000 }, (_, nth) => nth + 1),
        99.9,
      ),
    ).toBe(999);
  });

  test.each([0, -1, 100.1, Number.NaN])("does not exist at %d", (p) => {
    expect(() => percentile([1], p)).toThrow(RangeError);
  });

  const values = fc.array(fc.integer(), { minLength: 1 });
  const rank = fc.integer({ min: 1, max: 100 });

  test("is the smallest of the values that at least p percent do not exceed", () => {
    fc.assert(
      fc.property(values, rank, (some, p) => {
        const found = percentile(some, p) ?? Number.NaN;
        const share = (limit: number): number => some.filter((value) => value <= limit).length / some.length;
        expect(some).toContain(found);
        expect(share(found) * 100).toBeGreaterThanOrEqual(p - 1e-9);
        const smaller = some.filter((value) => value < found);
        expect(smaller.every((value) => share(value) * 100 < p)).toBe(true);
      }),
    );
  });

  test("grows with its rank, leaves the values as they were, and ends at the greatest", () => {
    fc.assert(
      fc.property(values, rank, (some, p) => {
        const before = [...some];
        expect(percentile(some, p)).toBeLessThanOrEqual(percentile(some, Math.min(100, p + 1)) ?? Number.NaN);
        expect(percentile(some, 100)).toBe(Math.max(...some));
        expect(some).toEqual(before);
      }),
    );
  });
});
