import { spawn } from "node:child_process";
import { once } from "node:events";
import fc from "fast-check";
import { expect, test } from "vitest";
import { processCpuMs } from "./clock.ts";
import { childrenOf, descendants } from "./process.ts";
import { addRunTimes, mainThreadRunTime, parseSchedstat, runTime } from "./schedstat.ts";

test("a line's nanoseconds on a processor and ready without one become microseconds", () => {
  expect(parseSchedstat("65578499 49844000 2\n")).toEqual({ ranUs: 65578, waitedUs: 49844 });
});

test("three zeros mean that the kernel does not count, and give null", () => {
  expect(parseSchedstat("0 0 0\n")).toBeNull();
});

test("any other text gives null", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const time = parseSchedstat(text);
      if (time !== null) expect([time.ranUs, time.waitedUs].every(Number.isSafeInteger)).toBe(true);
    }),
  );
  expect(parseSchedstat("1 2\n")).toBeNull();
});

test("a process's run time agrees with its clock, and is at least that of its main thread", () => {
  const main = mainThreadRunTime(process.pid);
  const all = runTime(process.pid);
  expect(main?.ranUs).toBeGreaterThan(0);
  expect(all?.ranUs).toBeGreaterThanOrEqual(main?.ranUs ?? Number.NaN);
  // The clock includes threads that have ended; the sum does not.
  expect((all?.ranUs ?? Number.NaN) / 1000).toBeLessThanOrEqual((processCpuMs(process.pid) ?? 0) + 10);
});

test("a process that does not exist has no run time, and no family but itself", () => {
  // Above the kernel's PID_MAX_LIMIT (include/linux/threads.h).
  const NOBODY = 4_194_305;
  expect([mainThreadRunTime(NOBODY), runTime(NOBODY)]).toEqual([null, null]);
  expect(descendants(NOBODY)).toEqual([NOBODY]);
});

test("children and their children are found, with dead ones that were not reaped", async () => {
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

test("two run times are added", () => {
  expect(addRunTimes({ ranUs: 3, waitedUs: 5 }, { ranUs: 7, waitedUs: 11 })).toEqual({
    ranUs: 10,
    waitedUs: 16,
  });
});
