import { expect, test } from "vitest";
import type { ReportSample } from "../model/sample.ts";
import { at, handMade } from "../recording/hand-made.fixture.ts";
import { betweenMs } from "./moments.ts";

const call = (ms: number, name: string, result?: number | string): ReportSample => ({
  ...at(ms),
  kind: "report",
  program: "load",
  report: { kind: "call", call: name, ...(result !== undefined && { result }) },
});
const recording = handMade([
  call(10, "connect"),
  call(30, "connect", "ETIMEDOUT"),
  call(40, "connect"),
  call(45, "connect", 0),
  call(50, "close", 0),
]);
const connect = { call: "connect" };

test("a time can run to the return of a call, to the n-th return, or from one with a given result", () => {
  expect(betweenMs(recording, { call: connect, is: "begun" }, { call: connect, is: "returned" })).toBe(20);
  expect(
    betweenMs(recording, { call: connect, is: "begun" }, { call: connect, is: "returned", nth: 1 }),
  ).toBe(35);
  const failed = { call: connect, is: "returned", result: "ETIMEDOUT" } as const;
  expect(betweenMs(recording, failed, { call: connect, is: "begun" })).toBe(-20);
});

test("an event that did not happen has no moment", () => {
  const synAck = { segment: { flags: ["SYN", "ACK"] }, is: "arrived" } as const;
  expect(betweenMs(recording, { call: connect, is: "begun" }, synAck)).toBeNull();
  expect(
    betweenMs(recording, { seen: "ESTABLISHED", at: "client" }, { call: connect, is: "begun" }),
  ).toBeNull();
});
