import { describe, expect, test } from "vitest";
import { at, exampleOf, group, handMade, socketsAt } from "../recording/hand-made.fixture.ts";
import { lasted, timeWaitPutOffMs } from "./lasting.ts";

const which = { host: "client", state: "TIME-WAIT" } as const;
const waits = (ms: number, timerMs: number): ReturnType<typeof socketsAt> =>
  socketsAt(at(ms), "client", [
    group("TIME-WAIT", "connector", 1, { timer: "timewait", examples: [exampleOf({ timerMs })] }),
  ]);
const gone = (ms: number): ReturnType<typeof socketsAt> => socketsAt(at(ms), "client", []);

describe("how long sockets lasted", () => {
  test("is the time from the first look that saw one to the first later look that saw none", () => {
    const recording = handMade([gone(100), waits(300, 60_000), waits(500, 59_800), gone(900)]);
    expect(lasted(recording, which)).toEqual({ seconds: 0.6, isOver: true });
  });

  test("is open if the last look still saw one, and null if none did", () => {
    expect(lasted(handMade([waits(300, 60_000), waits(500, 59_800)]), which)).toEqual({
      seconds: 0.2,
      isOver: false,
    });
    expect(lasted(handMade([gone(100)]), which)).toBeNull();
  });
});

describe("the end of a TIME-WAIT", () => {
  test("was put off by as much as its timer became due later", () => {
    const recording = handMade([waits(1000, 60_000), waits(3000, 60_000), waits(4000, 59_000)]);
    expect(timeWaitPutOffMs(recording, "client")).toBe(2000);
  });

  test("was not put off if the timer runs down, even if it is late", () => {
    const recording = handMade([waits(1000, 60_000), waits(60_900, 100), waits(62_000, 0), gone(62_250)]);
    expect(timeWaitPutOffMs(recording, "client")).toBe(0);
  });

  test("is not known from one look", () => {
    expect(timeWaitPutOffMs(handMade([waits(1000, 60_000)]), "client")).toBeNull();
  });
});
