import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { parseSchedstat, processesCpuMs, threadTimes } from "./threads.ts";

test("a line of schedstat has nanoseconds on a processor, and nanoseconds of waiting for one", () => {
  expect(parseSchedstat("1500000 250000 12\n")).toEqual({ ranMs: 1.5, waitedMs: 0.25 });
});

test.each(["", "1 2", "1 2 3 4", "x 2 3"])("%j is no such line", (line) => {
  expect(parseSchedstat(line)).toBeNull();
});

test("our own threads have run, and a process that does not exist has no threads", () => {
  const own = threadTimes([process.pid]);
  expect(own.find(({ tid }) => tid === process.pid)?.ranMs).toBeGreaterThan(0);
  expect(own.length).toBeGreaterThan(1);
  // More than PID_MAX_LIMIT, include/linux/threads.h.
  expect(threadTimes([4_194_305])).toEqual([]);
});

test("a process's time has that of threads that have ended, which no thread of it shows", async () => {
  const before = processesCpuMs([process.pid])!;
  const burn = "const until = performance.now() + 30; while (performance.now() < until);";
  const worker = new Worker(burn, { eval: true });
  await once(worker, "online");
  const during = threadTimes([process.pid]).map(({ tid }) => tid);
  await once(worker, "exit");
  const left = threadTimes([process.pid]);
  expect(left.filter(({ tid }) => during.includes(tid)).length).toBeLessThan(during.length);
  const threads = left.reduce((sum, { ranMs }) => sum + ranMs, 0);
  expect(processesCpuMs([process.pid])!).toBeGreaterThan(threads);
  expect(processesCpuMs([process.pid])!).toBeGreaterThan(before);
});

test("the time of no process, and of one that is gone, is not known", () => {
  expect(processesCpuMs([])).toBeNull();
  expect(processesCpuMs([process.pid, 4_194_305])).toBeNull();
});
