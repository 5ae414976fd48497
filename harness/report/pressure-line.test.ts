import { expect, test } from "vitest";
import { at, handMade, pressureAt } from "../recording/hand-made.fixture.ts";
import { pressureLine } from "./pressure-line.ts";

test("who waited longest, how late looks came, and how busy the machine was", () => {
  const recording = handMade([
    pressureAt(at(0), { server: 0, trial: 0, load: 3 }),
    pressureAt(at(4000), { server: 210, trial: 30, load: 3 }, { lookLateUs: 24_400, someWaitedUs: 500_000 }),
  ]);
  expect(pressureLine(recording)).toBe(
    "waited for a processor: server 0.21 s, the trial itself 0.03 s of 4.00 s; looks came up to 24 ms late; somebody on the machine waited 13 % of it",
  );
});

test("where nobody waited, and where the kernel keeps no pressure", () => {
  expect(pressureLine(handMade([pressureAt(at(2000), { server: 0 })]))).toBe(
    "nobody waited for a processor, of 2.00 s; looks came up to 0 ms late",
  );
});

test("a recording that does not tell has no line", () => {
  expect(pressureLine(handMade([]))).toBeNull();
});
