import { expect, test } from "vitest";
import { rateText } from "./rate.ts";

test.each([
  [0, "0"],
  [0.3333, "0.333"],
  [2.5, "2.5"],
  [4.996, "5"],
  [47, "47"],
  [99.94, "99.9"],
  [99.96, "100"],
  [100.4, "100"],
  [22_181.6, "22,182"],
])("a rate of %d is printed as %s", (perSecond, text) => {
  expect(rateText(perSecond)).toBe(text);
});
