import { expect, test } from "vitest";
import { processCpuMs, realTimeUs } from "./clock.ts";

test("the wall clock is the same as Node's", () => {
  const before = Date.now();
  const us = realTimeUs();
  expect(us / 1000).toBeGreaterThanOrEqual(before);
  expect(us / 1000).toBeLessThan(Date.now() + 1);
});

test("a process's time agrees with getrusage, and is finer than a tick", () => {
  const usage = (): number => (process.cpuUsage().user + process.cpuUsage().system) / 1000;
  const before = usage();
  const first = processCpuMs(process.pid) ?? Number.NaN;
  const second = processCpuMs(process.pid) ?? Number.NaN;
  expect(first).toBeGreaterThanOrEqual(before - 1);
  expect(second).toBeLessThanOrEqual(usage() + 1);
  // There are some microseconds between two calls. A clock that counts ticks would stay the same, or jump by 10 ms.
  expect(second).toBeGreaterThan(first);
});

test("a process that does not exist has no time", () => {
  // Above the kernel's PID_MAX_LIMIT (include/linux/threads.h).
  expect(processCpuMs(4_194_305)).toBeNull();
});
