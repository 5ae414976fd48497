import { expect, test } from "vitest";
import { agreementOf } from "./agreement.ts";

const rounds = (...p50s: number[]): { p50Ms: number; p99Ms: number }[] =>
  p50s.map((p50Ms) => ({ p50Ms, p99Ms: 10 * p50Ms }));

test("ours is within theirs when the medians differ by at most the spread of their rounds", () => {
  const wrk = rounds(0.05, 0.06, 0.07);
  expect(agreementOf({ ours: rounds(0.01, 0.075, 9), wrk }, "p50Ms")).toEqual({
    ours: "0.075 (0.010-9.000)",
    wrk: "0.060 (0.050-0.070)",
    within: true,
  });
  expect(agreementOf({ ours: rounds(0.081), wrk }, "p50Ms").within).toBe(false);
  expect(agreementOf({ ours: rounds(0.039), wrk }, "p50Ms").within).toBe(false);
  expect(agreementOf({ ours: rounds(0.081), wrk }, "p99Ms").within).toBe(false);
});

test("without rounds there is no agreement", () => {
  expect(() => agreementOf({ ours: [], wrk: rounds(1) }, "p50Ms")).toThrow(RangeError);
});
