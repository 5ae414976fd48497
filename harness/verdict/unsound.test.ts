import { expect, test } from "vitest";
import { at, handMade } from "../recording/hand-made.fixture.ts";
import { whyUnsound } from "./unsound.ts";

test("a program that failed is named once, and not again by the fault that ended its trial", () => {
  const failed = { program: "server", pid: 1, because: "ended by itself", lastLines: ["no nginx"] };
  const recording = handMade([
    { ...at(1), kind: "program", event: "failed", ...failed },
    { ...at(1), kind: "fault", because: "program server (a/b) ended by itself; it printed: no nginx" },
    { ...at(2), kind: "fault", because: "program other (a/c) ended by itself; it had printed nothing" },
    { ...at(9), kind: "end", reason: "fault" },
  ]);
  expect(whyUnsound(recording)).toEqual([
    "the program server ended by itself; it printed: no nginx",
    "program other (a/c) ended by itself; it had printed nothing",
  ]);
});
