import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lengthUs, type Point, Series, seriesOfHosts } from "./series.ts";

function series(...points: [atS: number, value: number, phase?: Point["phase"]][]): Series {
  return new Series(points.map(([atS, value, phase = "load"]) => ({ atUs: atS * 1e6, value, phase })));
}

describe("a series without points", () => {
  test("has null for every result, never 0", () => {
    const none = series();
    expect([none.first, none.last, none.peak, none.trough, none.slopePerSecond]).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(none.longest(() => true)).toBeNull();
    expect(none.isEmpty).toBe(true);
  });
});

test("first, last, peak and trough are points, the first one of several equals", () => {
  const some = series([1, 5], [2, 9], [3, 9], [4, 2], [5, 2]);
  expect([some.first, some.last, some.peak, some.trough].map((point) => (point?.atUs ?? 0) / 1e6)).toEqual([
    1, 5, 2, 4,
  ]);
});

test("a phase and a window are parts of it", () => {
  const some = series([1, 5], [2, 9, "drain"], [3, 1, "end"]);
  expect(some.during("drain").points.map((point) => point.value)).toEqual([9]);
  expect(some.window(2e6, 3e6).points.map((point) => point.value)).toEqual([9, 1]);
  expect(some.window(4e6, 5e6).isEmpty).toBe(true);
});

describe("the slope", () => {
  test("is that of the line of least squares", () => {
    expect(series([0, 0], [1, 2], [2, 1]).slopePerSecond).toBeCloseTo(0.5);
  });

  test("needs two points at different times", () => {
    expect(series([1, 5]).slopePerSecond).toBeNull();
    expect(series([1, 5], [1, 7]).slopePerSecond).toBeNull();
  });

  test("of points on a line is the line's", () => {
    const slope = fc.integer({ min: -1000, max: 1000 });
    const times = fc.uniqueArray(fc.nat(3600), { minLength: 2, maxLength: 50 });
    fc.assert(
      fc.property(slope, fc.integer(), times, (perSecond, start, seconds) => {
        const line = series(...seconds.map((atS): [number, number] => [atS, start + perSecond * atS]));
        expect(line.slopePerSecond).toBeCloseTo(perSecond, 3);
      }),
    );
  });
});

describe("the longest stretch", () => {
  test("is by time, not by number of points, and the earliest of equals", () => {
    const some = series([0, 1], [1, 3], [1.1, 4], [1.2, 5], [2, 0], [3, 7], [5, 6], [6, 0], [7, 3], [9, 3]);
    expect(some.longest((value) => value >= 3)).toEqual({ fromUs: 3e6, toUs: 5e6, min: 6, max: 7 });
    expect(some.longest((value) => value > 7)).toBeNull();
  });

  test("of one point lasts no time", () => {
    const stretch = series([1, 3]).longest((value) => value === 3);
    expect(stretch === null ? null : lengthUs(stretch)).toBe(0);
  });

  test("holds at each of its points, and there is no longer one", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 30 }), (values) => {
        const some = series(...values.map((value, nth): [number, number] => [nth, value]));
        const stretch = some.longest((value) => value > 0);
        const runs = values
          .map((value) => (value > 0 ? "x" : " "))
          .join("")
          .split(" ")
          .map((run) => run.length);
        expect(stretch === null ? 0 : lengthUs(stretch) / 1e6 + 1).toBe(Math.max(...runs));
        const inside = stretch === null ? [] : some.window(stretch.fromUs, stretch.toUs).points;
        expect(inside.every((point) => point.value > 0)).toBe(true);
      }),
    );
  });
});

describe("a series of several hosts", () => {
  const look = (host: string, atUs: number, value: number) => ({ host, atUs, phase: "load" as const, value });

  test("has as each point the sum of the latest figures, from when all hosts have been seen", () => {
    const looks = [look("a", 1, 10), look("a", 2, 20), look("b", 3, 1), look("a", 4, 30), look("b", 5, 2)];
    const sums = seriesOfHosts(looks, (one) => one.value).points.map(({ atUs, value }) => [atUs, value]);
    expect(sums).toEqual([
      [3, 21],
      [4, 31],
      [5, 32],
    ]);
  });

  test("has one point for looks at the same moment", () => {
    const looks = [look("a", 1, 10), look("b", 1, 1), look("a", 2, 0), look("b", 2, 0)];
    const sums = seriesOfHosts(looks, (one) => one.value).points.map(({ atUs, value }) => [atUs, value]);
    expect(sums).toEqual([
      [1, 11],
      [2, 0],
    ]);
  });
});
