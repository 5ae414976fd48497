import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { suspendedUs } from "./clock.ts";
import { PRESSURE_FILE, processorPressureUs, processorTime } from "./pressure.ts";

test("pressure is there where its file is, and never falls", () => {
  const first = processorPressureUs();
  expect(first !== null).toBe(existsSync(PRESSURE_FILE));
  if (first !== null) expect(processorPressureUs()).toBeGreaterThanOrEqual(first);
});

test("what the machine used grows with what we use of it", () => {
  const before = processorTime()?.usedUs ?? Number.NaN;
  let sum = 0;
  let after = before;
  // Ticks of 10 ms: some are there after a while, however slow the machine.
  for (let n = 0; n < 1e9 && after - before < 20_000; n += 1) {
    sum += n;
    if (n % 1e6 === 0) after = processorTime()?.usedUs ?? Number.NaN;
  }
  expect(sum).toBeGreaterThan(0);
  expect(after - before).toBeGreaterThanOrEqual(20_000);
});

test("a machine that sleeps while this runs would be noticed; how long it slept before stays", () => {
  const first = suspendedUs();
  expect(first).toBeGreaterThanOrEqual(0);
  // The two clocks are read one after the other.
  expect(Math.abs(suspendedUs() - first)).toBeLessThan(1_000_000);
});
