import { expect, test } from "vitest";
import { ratioOf, ratioText } from "./bars.ts";

test("a ratio is the ratio of the medians, with the minimum and the maximum of the rounds", () => {
  const ratio = ratioOf([110, 90, 100], [100, 100, 50]);
  expect(ratio).toEqual({ ofMedians: 1, least: 0.9, most: 2 });
  expect(ratioText(ratio)).toBe("1.00 (0.90-2.00)");
});

test("unequal numbers of rounds cannot be compared", () => {
  expect(() => ratioOf([1, 2], [1])).toThrow(RangeError);
  expect(() => ratioOf([], [])).toThrow(RangeError);
});
