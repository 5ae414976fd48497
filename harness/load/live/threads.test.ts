import { expect, test } from "vitest";
import { parseSchedstat, threadTimes } from "./threads.ts";

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
