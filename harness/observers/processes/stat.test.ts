import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseStat } from "./stat.ts";

const TAIL =
  "S 9741 9740 3203 0 -1 4194304 99 0 0 0 41 6 0 0 20 0 1 0 174157 3133440 392 18446744073709551615 1 1 0 0 0";

test("a line has the fields of proc_pid_stat(5)", () => {
  expect(parseStat(`9754 (node) ${TAIL}\n`)).toEqual({
    pid: 9754,
    name: "node",
    state: "S",
    parentPid: 9741,
    processGroup: 9740,
    session: 3203,
    startTicks: 174157,
    kernelTicks: 6,
    rssPages: 392,
  });
});

test("a name can contain anything, even brackets and blanks", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 15 }), (name) => {
      expect(parseStat(`7 (${name}) ${TAIL}`)).toMatchObject({ pid: 7, name, parentPid: 9741 });
    }),
  );
});

test("any other text gives null", () => {
  fc.assert(fc.property(fc.string(), (text) => parseStat(text) === null || text.includes("(")));
  expect(parseStat("")).toBeNull();
  expect(parseStat("7 (node) S")).toBeNull();
  expect(parseStat("7 )node( S 1 1")).toBeNull();
});

test("this process's own line has its name and pids", () => {
  const stat = parseStat(readFileSync("/proc/self/stat", "latin1"));
  expect(stat).toMatchObject({ pid: process.pid, parentPid: process.ppid });
  expect(stat?.state).toMatch(/^[RS]$/);
});
