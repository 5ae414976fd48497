import { expect, test } from "vitest";
import { at, handMade, pressureAt } from "../recording/hand-made.fixture.ts";
import { pressureLine } from "./pressure-line.ts";

test("who waited longest, how late looks were, and how busy the machine was", () => {
  const recording = handMade([
    pressureAt(at(0), { server: 0, trial: 0, load: 3 }),
    pressureAt(at(4000), { server: 210, trial: 30, load: 3 }, { lookLateUs: 24_400, someWaitedUs: 500_000 }),
  ]);
  expect(pressureLine(recording)).toBe(
    "waited for a processor: server 0.21 s, the trial itself 0.03 s in 4.00 s; samples came up to 24 ms late; some task of the machine waited in 13 % of the time",
  );
});

test("no program waited, and the kernel has no pressure figures", () => {
  expect(pressureLine(handMade([pressureAt(at(2000), { server: 0 })]))).toBe(
    "no program waited for a processor in 2.00 s; samples came up to 0 ms late",
  );
});

test("a recording without pressure samples has no line", () => {
  expect(pressureLine(handMade([]))).toBeNull();
});
