import { expect, test } from "vitest";
import { excused, type ToldTrial } from "./want-of-time.ts";

const run = (all: number, late: number): Map<string, ToldTrial> =>
  new Map(
    Array.from({ length: all }, (_, n): [string, ToldTrial] => [
      `trial ${n}`,
      n < late ? { outcome: "inconclusive", forWantOfTime: true } : { outcome: "confirmed" },
    ]),
  );

test("one starved trial in twenty is excused; with more of them, none is excused", () => {
  expect(excused(run(40, 2))).toEqual(["trial 0", "trial 1"]);
  expect(excused(run(40, 3))).toEqual([]);
  expect(excused(run(19, 1))).toEqual([]);
  expect(excused(run(40, 0))).toEqual([]);
});

test("a trial that is refuted, or inconclusive for another reason, is never excused", () => {
  const told = run(40, 1);
  told.set("trial 7", { outcome: "refuted" }).set("trial 8", { outcome: "inconclusive" });
  expect(excused(told)).toEqual(["trial 0"]);
});
