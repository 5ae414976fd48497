import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { suspendedUs } from "./clock.ts";
import { PRESSURE_FILE, processorPressureUs, processorTime } from "./pressure.ts";

test("there is a pressure where its file exists, and it never decreases", () => {
  const first = processorPressureUs();
  expect(first !== null).toBe(existsSync(PRESSURE_FILE));
  if (first !== null) expect(processorPressureUs()).toBeGreaterThanOrEqual(first);
});

test("the machine's processor time grows when this process computes", () => {
  const before = processorTime()?.usedUs ?? Number.NaN;
  let sum = 0;
  let after = before;
  // The figures count in ticks of 10 ms, so they need a while to grow.
  for (let n = 0; n < 1e9 && after - before < 20_000; n += 1) {
    sum += n;
    if (n % 1e6 === 0) after = processorTime()?.usedUs ?? Number.NaN;
  }
  expect(sum).toBeGreaterThan(0);
  expect(after - before).toBeGreaterThanOrEqual(20_000);
});

test("the suspended time stays the same while the machine is not suspended", () => {
  const first = suspendedUs();
  expect(first).toBeGreaterThanOrEqual(0);
  // The two clocks are read one after the other.
  expect(Math.abs(suspendedUs() - first)).toBeLessThan(1_000_000);
});
