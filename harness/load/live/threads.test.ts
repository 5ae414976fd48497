import { expect, test } from "vitest";
import { parseSchedstat, threadTimes } from "./threads.ts";

test("a line of schedstat is nanoseconds on a processor and in wait for one", () => {
  expect(parseSchedstat("1500000 250000 12\n")).toEqual({ ranMs: 1.5, waitedMs: 0.25 });
});

test.each(["", "1 2", "1 2 3 4", "x 2 3"])("%j is none", (line) => {
  expect(parseSchedstat(line)).toBeNull();
});

test("our own threads have run, and a process that is not there has none", () => {
  const own = threadTimes([process.pid]);
  expect(own.find(({ tid }) => tid === process.pid)?.ranMs).toBeGreaterThan(0);
  expect(own.length).toBeGreaterThan(1);
  // More than PID_MAX_LIMIT, include/linux/threads.h.
  expect(threadTimes([4_194_305])).toEqual([]);
});
