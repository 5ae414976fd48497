import { describe, expect, test } from "vitest";
import { at, exampleOf, group, socketsAt } from "../recording/hand-made.fixture.ts";
import type { SocketExample, SocketsSample } from "../model/sample.ts";
import { answersElsewhere } from "./peer-alive.ts";

const WITHIN_MS = 1000;
const info = (ms: number, bytesReceived = 97): NonNullable<SocketExample["tcpInfo"]> => ({
  rttUs: 100,
  rtoUs: 200_000,
  sendMssBytes: 1448,
  congestionWindow: 10,
  unacked: 0,
  lastDataSentMs: ms,
  lastDataReceivedMs: ms,
  lastAckReceivedMs: ms,
  totalRetransmits: 0,
  bytesAcked: 97,
  bytesReceived,
});
const stuck = exampleOf({ local: "192.0.2.1:40001", remote: "192.0.2.2:80", tcpInfo: info(5000) });
const beside = (
  state: "ESTABLISHED" | "SYN-SENT" | "TIME-WAIT",
  other: Partial<SocketExample>,
): SocketsSample =>
  socketsAt(at(100), "client", [
    group("ESTABLISHED", "connector", 1, { timer: "on", sendQueue: "holding", examples: [stuck] }),
    group(state, "connector", 1, { examples: [{ ...stuck, local: "192.0.2.1:40002", ...other }] }),
  ]);

describe("the other end of a connection answers on another one", () => {
  test.each<[string, SocketsSample, boolean]>([
    ["that received something a moment ago", beside("ESTABLISHED", { tcpInfo: info(500) }), true],
    ["that received nothing for longer", beside("ESTABLISHED", { tcpInfo: info(1500) }), false],
    ["to another port", beside("ESTABLISHED", { remote: "192.0.2.2:81", tcpInfo: info(500) }), false],
    ["that is itself", beside("ESTABLISHED", { local: stuck.local, tcpInfo: info(500) }), false],
    ["of which nobody read tcp_info", beside("ESTABLISHED", { tcpInfo: undefined as never }), false],
    ["that has only sent a SYN", beside("SYN-SENT", { tcpInfo: info(500, 0) }), false],
    ["that ended a moment ago", beside("TIME-WAIT", { timerMs: 59_500 }), true],
    ["that ended earlier", beside("TIME-WAIT", { timerMs: 40_000 }), false],
  ])("%s", (_, look, answers) => {
    expect(answersElsewhere(look, stuck, WITHIN_MS)).toBe(answers);
  });
});
