import { spawn } from "node:child_process";
import { once } from "node:events";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Kin, sortByLine } from "./kin.ts";
import type { ProcessStat } from "./stat.ts";

function stat(pid: number, parentPid: number): ProcessStat {
  return {
    pid,
    parentPid,
    name: "sh",
    state: "S",
    processGroup: pid,
    session: pid,
    startTicks: pid,
    kernelTicks: 0,
    rssPages: 1,
  };
}

const pids = (all: ProcessStat[]): number[] => all.map(({ pid }) => pid);

test("all descendants of the root are kin, and other descendants of the first process are strangers", () => {
  const all = [stat(1, 0), stat(7, 1), stat(9, 7), stat(11, 9), stat(8, 1), stat(10, 8)];
  const { kin, strangers } = sortByLine(all, 7, new Set());
  expect(pids(kin)).toEqual([7, 9, 11]);
  expect(pids(strangers)).toEqual([1, 8, 10]);
});

test("a process whose parent exited before it was read is neither, and is read again the next time", () => {
  const { kin, strangers } = sortByLine([stat(7, 1), stat(11, 9)], 7, new Set(["1"]));
  expect(pids(kin)).toEqual([7]);
  expect(pids(strangers)).toEqual([]);
});

test("a descendant of a stranger is a stranger", () => {
  expect(pids(sortByLine([stat(12, 8)], 7, new Set(["8"])).strangers)).toEqual([12]);
});

test("with any parents, no process is both kin and stranger", () => {
  const one = fc.record({ pid: fc.integer({ min: 1, max: 9 }), parent: fc.integer({ min: 0, max: 9 }) });
  fc.assert(
    fc.property(fc.array(one), (rows) => {
      const all = rows.map(({ pid, parent }) => stat(pid, parent));
      const { kin, strangers } = sortByLine(all, 7, new Set(["3"]));
      expect(kin.some((each) => strangers.includes(each))).toBe(false);
    }),
  );
});

test("a child that begins later is found, although its ancestors were read before", async () => {
  const kin = new Kin(process.pid);
  expect(pids(kin.read())).toContain(process.pid);
  expect(pids(kin.read())).not.toContain(process.ppid);
  const child = spawn("sh", ["-c", "sh -c 'echo $$; read x'; true"], { stdio: ["pipe", "pipe", "ignore"] });
  const [line] = (await once(child.stdout.setEncoding("latin1"), "data")) as [string];
  const found = pids(kin.read());
  expect(found).toContain(child.pid);
  expect(found).toContain(Number(line));
  child.stdin.end();
  await once(child, "exit");
  expect(pids(kin.read())).not.toContain(child.pid);
});
