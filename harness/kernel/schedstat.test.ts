import { spawn } from "node:child_process";
import { once } from "node:events";
import fc from "fast-check";
import { expect, test } from "vitest";
import { processCpuMs } from "./clock.ts";
import { childrenOf, descendants } from "./process.ts";
import { addRunTimes, mainThreadRunTime, parseSchedstat, runTime } from "./schedstat.ts";

test("a line is nanoseconds on a processor and ready without one, in microseconds here", () => {
  expect(parseSchedstat("65578499 49844000 2\n")).toEqual({ ranUs: 65578, waitedUs: 49844 });
});

test("a kernel that counts nothing says three times 0, and that is no figure", () => {
  expect(parseSchedstat("0 0 0\n")).toBeNull();
});

test("whatever else a file may hold is none", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const time = parseSchedstat(text);
      if (time !== null) expect([time.ranUs, time.waitedUs].every(Number.isSafeInteger)).toBe(true);
    }),
  );
  expect(parseSchedstat("1 2\n")).toBeNull();
});

test("what a process ran is what its clock says, and all of its threads ran more than the main one", () => {
  const main = mainThreadRunTime(process.pid);
  const all = runTime(process.pid);
  expect(main?.ranUs).toBeGreaterThan(0);
  expect(all?.ranUs).toBeGreaterThanOrEqual(main?.ranUs ?? Number.NaN);
  // Threads that are gone are in the clock, and not in the sum.
  expect((all?.ranUs ?? Number.NaN) / 1000).toBeLessThanOrEqual((processCpuMs(process.pid) ?? 0) + 10);
});

test("a process that is not there has none, and no family but itself", () => {
  // Above the kernel's PID_MAX_LIMIT (include/linux/threads.h).
  const NOBODY = 4_194_305;
  expect([mainThreadRunTime(NOBODY), runTime(NOBODY)]).toEqual([null, null]);
  expect(descendants(NOBODY)).toEqual([NOBODY]);
});

test("children and theirs are found, the dead that nobody has reaped among them", async () => {
  const child = spawn("sh", ["-c", "sh -c 'echo $$; read x' ; true"], { stdio: ["pipe", "pipe", "ignore"] });
  const [line] = (await once(child.stdout.setEncoding("latin1"), "data")) as [string];
  const found = descendants(process.pid);
  expect(found[0]).toBe(process.pid);
  expect(found).toContain(child.pid);
  expect(childrenOf(process.pid)).toContain(child.pid);
  expect(childrenOf(process.pid)).not.toContain(Number(line));
  expect(found).toContain(Number(line));
  child.stdin.end();
  await once(child, "exit");
});

test("two are added", () => {
  expect(addRunTimes({ ranUs: 3, waitedUs: 5 }, { ranUs: 7, waitedUs: 11 })).toEqual({
    ranUs: 10,
    waitedUs: 16,
  });
});
