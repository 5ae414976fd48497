import { expect, test } from "vitest";
import { errorOf, rowOf, type Stalled } from "./table.ts";

const round = (p99Ms: number | null): Stalled => ({ p50Ms: 0.25, p99Ms, perSecond: 997, trueP99Ms: 190 });

test("the error is the median of the rounds, and has a sign", () => {
  expect(errorOf([round(190), round(380), round(209)])).toBeCloseTo(0.1, 12);
  expect(errorOf([round(95)])).toBe(-0.5);
  expect(errorOf([round(190), round(null)])).toBeNaN();
});

test("a row has the medians", () => {
  const cells = rowOf("a closed loop", [round(19), round(3.8), round(1.9)]).split(/\s{2,}/);
  expect(cells).toEqual(["a closed loop", "997", "0.25", "3.8", "190", "0.020"]);
  expect(rowOf("x", [round(null)]).split(/\s{2,}/)).toEqual(["x", "997", "0.25", "-", "190", "-"]);
});
