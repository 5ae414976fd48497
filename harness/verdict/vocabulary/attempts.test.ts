import { describe, expect, test } from "vitest";
import { at, attemptAt, handMade } from "../../recording/hand-made.fixture.ts";
import { atLeast, atMost, between, exactly } from "./bound.ts";
import { put } from "./put.fixture.ts";
import { attemptsOk, connections, latency, outcomes, selfReported } from "./attempts.ts";

describe("attempts", () => {
  const failure = { phase: "connect" as const, code: "EADDRNOTAVAIL", call: "connect" };
  const tried = handMade([
    ...[1, 2, 3].map((nth) =>
      attemptAt(at(nth), nth, { connectMs: nth === 3 ? 1043.21 : 0.123, connection: 1 }),
    ),
    attemptAt(at(4), 4, { connectMs: null, firstByteMs: null, totalMs: null, outcome: failure }),
    { ...at(5), kind: "report", program: "server", report: { kind: "service", serviceMs: 0.4 } },
  ]);

  test("succeed, or end in the named way", () => {
    expect(put(attemptsOk({ program: "load" }, exactly(4)), tried)).toEqual([
      "exactly 4 attempts of load succeed",
      false,
      "of 4 attempts: 3 ok, 1 connect EADDRNOTAVAIL",
    ]);
    expect(put(outcomes({}, "connect EADDRNOTAVAIL", atLeast(1)), tried).slice(0, 2)).toEqual([
      "at least 1 attempt ends in connect EADDRNOTAVAIL",
      true,
    ]);
    expect(put(outcomes({}, "response timeout", exactly(0)), tried)[1]).toBe(true);
  });

  test("are refused with a status, or with one of a class, and older recordings have only the class", () => {
    const refused = ["404", "429", "503", "4xx"].map((code, nth) =>
      attemptAt(at(nth), nth, { outcome: { phase: "status", code, call: "recv" } }),
    );
    const recording = handMade(refused);
    expect(put(outcomes({}, "status 404", exactly(1)), recording)[1]).toBe(true);
    expect(put(outcomes({}, "status 4xx", exactly(3)), recording)).toEqual([
      "exactly 3 attempts end in status 4xx",
      true,
      "of 4 attempts: 1 status 404, 1 status 429, 1 status 503, 1 status 4xx",
    ]);
    expect(put(outcomes({}, "status 5xx", exactly(1)), recording)[1]).toBe(true);
  });

  test("that never began are no timeouts", () => {
    const late = handMade([attemptAt(at(1), 1), attemptAt(at(2), 2, { outcome: "never begun" })]);
    expect(put(outcomes({}, "never begun", exactly(1)), late)).toEqual([
      "exactly 1 attempt never begins",
      true,
      "of 2 attempts: 1 ok, 1 never begun",
    ]);
    expect(put(outcomes({}, "connect timeout", atLeast(1)), late)[1]).toBe(false);
  });

  test("that were not made decide nothing", () => {
    expect(put(attemptsOk({ program: "lod", phase: "drain" }, exactly(0)), tried).slice(1)).toEqual([
      null,
      "no attempt of lod during drain was recorded",
    ]);
    expect(put(connections({ program: "lod" }, exactly(0)), tried)[1]).toBeNull();
    expect(put(latency({ program: "lod" }, "connectMs", 99, atMost(1)), tried)[1]).toBeNull();
  });

  test("have latencies", () => {
    expect(put(latency({ program: "load" }, "connectMs", 99, atLeast(900)), tried)).toEqual([
      "the time to connect of load is at least 900 ms at p99",
      true,
      "the time to connect was 1043.21 ms at p99 of 3 attempts (p50 0.123 ms, maximum 1043.21 ms)",
    ]);
    expect(put(latency({}, "totalMs", 100, between(1, 2)), tried).slice(0, 2)).toEqual([
      "the total time is between 1 and 2 ms at its maximum",
      false,
    ]);
  });

  test("make connections", () => {
    expect(put(connections({ program: "load" }, exactly(1)), tried)).toEqual([
      "the attempts of load make exactly 1 connection",
      true,
      "1 connection for 4 attempts",
    ]);
  });

  test("have servers that report about themselves", () => {
    expect(put(selfReported({ program: "server" }, "serviceMs", 99, atMost(5)), tried)).toEqual([
      "the serviceMs of server, by its own report, is at most 5 at p99",
      true,
      "serviceMs was 0.4 at p99 of 1 report (p50 0.4, maximum 0.4)",
    ]);
    expect(put(selfReported({}, "gcMs", 99, atMost(5)), tried)[1]).toBeNull();
  });
});
