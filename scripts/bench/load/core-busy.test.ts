import { expect, test } from "vitest";
import { busyBetween, timesOf } from "./core-busy.ts";

const before = "cpu  9 9 9 9 9 9 9 9 9 9\ncpu0 100 0 50 800 50 0 0 0 70 0\ncpu1 1 1 1 1 1 1 1 1 0 0\n";
const after = "cpu  9 9 9 9 9 9 9 9 9 9\ncpu0 160 0 80 805 55 0 0 0 99 0\ncpu1 1 1 1 1 1 1 1 1 0 0\n";

test("a core is busy when it is neither idle nor waits for a disk", () => {
  expect(timesOf(0, before)).toEqual({ idle: 850, all: 1000 });
  expect(busyBetween(timesOf(0, before), timesOf(0, after))).toBeCloseTo(0.9);
});

test("a core that is not there has no times", () => {
  expect(timesOf(7, before).idle).toBeNaN();
});
