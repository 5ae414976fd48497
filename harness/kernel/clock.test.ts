import { expect, test } from "vitest";
import { processCpuMs, realTimeUs } from "./clock.ts";

test("the wall clock is the one that Node reads", () => {
  const before = Date.now();
  const us = realTimeUs();
  expect(us / 1000).toBeGreaterThanOrEqual(before);
  expect(us / 1000).toBeLessThan(Date.now() + 1);
});

test("a process's time is what getrusage says of it, and finer than a tick", () => {
  const usage = (): number => (process.cpuUsage().user + process.cpuUsage().system) / 1000;
  const before = usage();
  const first = processCpuMs(process.pid) ?? Number.NaN;
  const second = processCpuMs(process.pid) ?? Number.NaN;
  expect(first).toBeGreaterThanOrEqual(before - 1);
  expect(second).toBeLessThanOrEqual(usage() + 1);
  // Two calls lie some microseconds apart: a clock of ticks would not move, or would jump by 10 ms.
  expect(second).toBeGreaterThan(first);
});

test("a process that is not there has none", () => {
  // Above the kernel's PID_MAX_LIMIT (include/linux/threads.h).
  expect(processCpuMs(4_194_305)).toBeNull();
});
