import { expect, test } from "vitest";
import { median } from "./median.ts";

test.each([
  [[3], 3],
  [[9, 1, 5], 5],
  [[10, 9, 1, 2], 5.5],
])("the median of %j is %d", (values, middle) => {
  expect(median(values)).toBe(middle);
});

test("the median of no values is an error", () => {
  expect(() => median([])).toThrow(RangeError);
});
