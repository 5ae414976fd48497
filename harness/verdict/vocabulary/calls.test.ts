import { expect, test } from "vitest";
import { calls } from "../../measure/calls.ts";
import type { ReportSample } from "../../model/sample.ts";
import { at, handMade } from "../../recording/hand-made.fixture.ts";
import { exactly } from "./bound.ts";
import { callsEnded } from "./calls.ts";
import { put } from "./put.fixture.ts";

const call = (ms: number, report: ReportSample["report"]): ReportSample => ({
  ...at(ms),
  kind: "report",
  program: "load",
  report: { kind: "call", ...report },
});
const ports = { localPort: 40_001, remotePort: 8080 };
const recording = handMade([
  call(30, { call: "recv", result: "ECONNRESET", bytes: 11, foreign: 0, ...ports }),
  call(10, { call: "connect", ...ports }),
  call(20, { call: "connect", result: 0, ...ports }),
  call(40, { call: "shutdown(SHUT_WR)", result: "ENOTCONN" }),
  { ...at(50), kind: "report", program: "load", report: { kind: "service", serviceMs: 1 } },
]);

test("calls come in the order of their times, with their host", () => {
  expect(calls(recording).map((one) => [one.call, one.result, one.host])).toEqual([
    ["connect", null, "client"],
    ["connect", 0, "client"],
    ["recv", "ECONNRESET", "client"],
    ["shutdown(SHUT_WR)", "ENOTCONN", "client"],
  ]);
  expect(calls(recording, { call: "recv" })[0]).toMatchObject({ bytes: 11, foreign: 0, ...ports });
  expect(calls(recording, { program: "server" })).toEqual([]);
  expect(calls(recording, { phase: "drain" })).toEqual([]);
});

test("those that returned are counted by what they returned", () => {
  expect(put(callsEnded({ program: "load", call: "connect" }, 0, exactly(1)), recording)).toEqual([
    "exactly 1 call of load is connect() = 0",
    true,
    "1 call, of 1 call that returned: 0 at 0.02 s",
  ]);
  expect(put(callsEnded({ call: "recv" }, "ECONNRESET", exactly(1)), recording)[1]).toBe(true);
  expect(put(callsEnded({ call: "shutdown(SHUT_WR)" }, "ENOTCONN", exactly(0)), recording)).toEqual([
    "no calls are shutdown(SHUT_WR) = ENOTCONN",
    false,
    "1 call, of 1 call that returned: ENOTCONN at 0.04 s",
  ]);
  expect(put(callsEnded({ call: "send" }, 1, exactly(0)), recording).slice(1)).toEqual([
    null,
    "no returned send() was reported",
  ]);
});
