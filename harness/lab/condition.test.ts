import { describe, expect, test } from "vitest";
import type { SocketGroup } from "../model/sample.ts";
import type { Condition } from "../model/setup.ts";
import { ConditionWatch, type LatestSamples } from "./condition.ts";

const group = (part: Partial<SocketGroup>): SocketGroup => ({
  state: "ESTABLISHED",
  side: "listener",
  port: 8080,
  timer: "none",
  receiveQueue: "empty",
  sendQueue: "empty",
  owner: "listener",
  count: 1,
  examples: [],
  ...part,
});

function latest(
  phaseElapsedMs: number,
  groups: SocketGroup[] | null,
  deltas: Record<string, number> = {},
): LatestSamples {
  const moment = { atUs: 0, phase: "load" as const, host: "server" };
  return {
    phaseElapsedMs,
    exited: (program) => program === "gone",
    ready: (program) => program === "there",
    sockets: () => (groups === null ? undefined : { ...moment, kind: "sockets", groups }),
    counters: () => ({ ...moment, kind: "counters", deltas }),
  };
}

const holds = (condition: Condition, at: LatestSamples): boolean => new ConditionWatch(condition).holds(at);
const closeWait = { host: "server", state: "CLOSE-WAIT" as const };

describe("a condition", () => {
  test("on sockets counts the sockets that the selector names", () => {
    const seen = [
      group({ state: "CLOSE-WAIT", count: 90 }),
      group({ state: "CLOSE-WAIT", port: 1, count: 7 }),
      group({}),
    ];
    expect(holds({ sockets: closeWait, atLeast: 97 }, latest(0, seen))).toBe(true);
    expect(holds({ sockets: closeWait, atLeast: 98 }, latest(0, seen))).toBe(false);
    expect(holds({ sockets: { ...closeWait, port: 8080 }, atMost: 90 }, latest(0, seen))).toBe(true);
    expect(holds({ sockets: { ...closeWait, side: "connector" }, atLeast: 1 }, latest(0, seen))).toBe(false);
  });

  test("on programs that are ready needs all of them", () => {
    expect(holds({ ready: ["there"] }, latest(0, null))).toBe(true);
    expect(holds({ ready: ["there", "gone"] }, latest(0, null))).toBe(false);
  });

  test("does not hold while there is no sample", () => {
    expect(holds({ sockets: closeWait, atMost: 0 }, latest(0, null))).toBe(false);
  });

  test("on a counter reads 0 when the counter has never moved", () => {
    const counter = { counter: "TcpExtListenOverflows", host: "server", atLeast: 1 };
    expect(holds(counter, latest(0, []))).toBe(false);
    expect(holds(counter, latest(0, [], { TcpExtListenOverflows: 1 }))).toBe(true);
  });

  test("can combine others with all and any", () => {
    const yes: Condition = { exited: ["gone"] };
    const no: Condition = { exited: ["gone", "here"] };
    expect(holds({ all: [yes, no] }, latest(0, []))).toBe(false);
    expect(holds({ any: [yes, no] }, latest(0, []))).toBe(true);
    expect(holds({ elapsedMs: 10 }, latest(9, []))).toBe(false);
  });

  test("with heldForMs starts again when its inner condition stops holding", () => {
    const watch = new ConditionWatch({ heldForMs: 100, condition: { sockets: closeWait, atMost: 0 } });
    const none: SocketGroup[] = [];
    const one = [group({ state: "CLOSE-WAIT" })];
    expect(watch.holds(latest(0, none))).toBe(false);
    expect(watch.holds(latest(90, none))).toBe(false);
    expect(watch.holds(latest(95, one))).toBe(false);
    expect(watch.holds(latest(120, none))).toBe(false);
    expect(watch.holds(latest(219, none))).toBe(false);
    expect(watch.holds(latest(220, none))).toBe(true);
  });
});

describe("a condition is due", () => {
  const never = Number.POSITIVE_INFINITY;
  const load: Condition = { elapsedMs: 1500 };

  test.each<[string, Condition, number, number]>([
    ["when its time has come", load, 400, 1100],
    ["never, once its time is over", load, 1500, never],
    ["never by time alone, when it waits for a program", { exited: ["gone"] }, 400, never],
    ["never by time alone, when it waits for sockets", { sockets: closeWait, atLeast: 1 }, 400, never],
    ["when its first part is due", { all: [{ elapsedMs: 700 }, load] }, 400, 300],
    ["when its next part is due", { any: [{ elapsedMs: 300 }, load, { exited: ["load"] }] }, 400, 1100],
    ["when the inner condition of heldForMs is due", { heldForMs: 200, condition: load }, 400, 1100],
  ])("%s", (_, condition, elapsedMs, dueInMs) => {
    expect(new ConditionWatch(condition).dueInMs(latest(elapsedMs, []))).toBe(dueInMs);
  });

  test("when it has held for long enough, counted from the first check that found it to hold", () => {
    const watch = new ConditionWatch({ heldForMs: 200, condition: { exited: ["gone"] } });
    expect(watch.dueInMs(latest(400, []))).toBe(never);
    expect(watch.holds(latest(400, []))).toBe(false);
    expect(watch.dueInMs(latest(450, []))).toBe(150);
    expect(watch.holds(latest(600, []))).toBe(true);
  });
});
