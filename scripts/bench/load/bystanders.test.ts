import { expect, test } from "vitest";
import { othersPercent, ticksIn } from "./bystanders.ts";

const MACHINE = "cpu  1000 20 300 9999 5 6 7 11 0 0\ncpu0 500 10 150 4999 2 3 3 5 0 0\n";
const OWN = "1 (node (a) b) R 0 1 1 0 -1 4194560 9 9 9 9 40 30 20 10 20 0 11 0 5 1 1";

test("ticks are read from the kernel's two files", () => {
  expect(ticksIn(MACHINE, OWN)).toEqual({ all: 1333, stolen: 11, own: 100 });
});

test("the time of others is the time of all without us and our children, plus stolen time", () => {
  const before = { all: 1320, stolen: 11, own: 100 };
  const after = { all: 1320 + 1000, stolen: 31, own: 100 + 900 };
  expect(othersPercent(before, after, 10)).toBe(12);
});

test("the time of others is never negative, even if our ticks are only in one of the files", () => {
  expect(othersPercent({ all: 0, stolen: 0, own: 0 }, { all: 9, stolen: 0, own: 10 }, 1)).toBe(0);
});
