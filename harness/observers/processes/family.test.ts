import { describe, expect, test } from "vitest";
import { Family } from "./family.ts";
import type { ProcessStat } from "./stat.ts";

const ROOTS = new Map([
  ["server", 100],
  ["client", 200],
]);

describe("a process belongs to a program", () => {
  test("as its first process, by the process group, or by descent", () => {
    const all = [
      proc(1, { parentPid: 0 }),
      proc(100, { parentPid: 1, processGroup: 100 }),
      proc(101, { parentPid: 100, processGroup: 100 }),
      // In its own group, as a child of a process in the program's group.
      proc(102, { parentPid: 101, processGroup: 102 }),
      // An orphan that is still in the group.
      proc(103, { parentPid: 1, processGroup: 100 }),
      proc(200, { parentPid: 1, processGroup: 200 }),
      proc(300, { parentPid: 1, processGroup: 300 }),
    ];
    expect(programs(new Family(), all)).toEqual({
      100: "server",
      101: "server",
      102: "server",
      103: "server",
      200: "client",
    });
  });

  test("until it ends, even as an orphan in another group", () => {
    const family = new Family();
    programs(family, [proc(100, { processGroup: 100 }), proc(102, { parentPid: 100, processGroup: 102 })]);
    expect(programs(family, [proc(102, { parentPid: 1, processGroup: 102 })])).toEqual({ 102: "server" });
  });

  test("but a later process with the same pid does not", () => {
    const family = new Family();
    programs(family, [proc(100, { processGroup: 100 }), proc(102, { parentPid: 100 })]);
    expect(programs(family, [proc(102, { parentPid: 1, startTicks: 900 })])).toEqual({});
  });

  test("even when the parents form a circle", () => {
    const circle = [proc(5, { parentPid: 6 }), proc(6, { parentPid: 5 })];
    expect(programs(new Family(), circle)).toEqual({});
  });
});

function proc(pid: number, rest: Partial<ProcessStat>): ProcessStat {
  const still = { name: "node", state: "S", startTicks: 500, kernelTicks: 0, rssPages: 1 };
  return { pid, parentPid: 1, processGroup: pid, session: pid, ...still, ...rest };
}

function programs(family: Family, all: ProcessStat[]): Record<number, string> {
  return Object.fromEntries([...family.sort(all, ROOTS)].map(([{ pid }, program]) => [pid, program]));
}
