import { describe, expect, test } from "vitest";
import type { Sample } from "../../model/sample.ts";
import type { TcpState } from "../../model/state.ts";
import { at, exampleOf, group, handMade, packetAt, socketsAt } from "../../recording/hand-made.fixture.ts";
import { atLeast, exactly } from "./bound.ts";
import { segmentsRepeated, segmentsSeen, statesPassed } from "./packets.ts";
import { put } from "./put.fixture.ts";

const handshake: Sample[] = [
  packetAt(at(10), "client", ["SYN"], { sequence: 0 }),
  packetAt(at(11), "server", ["SYN", "ACK"], {
    sequence: 0,
    fate: "dropped",
    rule: "lose it",
    sentUs: null,
  }),
  packetAt(at(1011), "client", ["SYN"], { sequence: 0 }),
  packetAt(at(1012), "server", ["SYN", "ACK"], { sequence: 0 }),
  packetAt(at(1013), "client", ["ACK"]),
  packetAt(at(1014), "client", ["PSH", "ACK"], { payloadBytes: 97, phase: "drain" }),
];
const recording = handMade(handshake);

describe("segments", () => {
  test("are counted by their properties and their fate, and named", () => {
    expect(put(segmentsSeen({ from: "server", flags: ["SYN", "ACK"] }, exactly(2)), recording)).toEqual([
      "there are exactly 2 segments from server with SYN and ACK",
      true,
      "2 segments: SYN-ACK from server, dropped at 0.01 s, SYN-ACK from server at 1.01 s",
    ]);
    expect(put(segmentsSeen({ fate: "dropped", rule: "lose it" }, exactly(1)), recording)).toEqual([
      'there is exactly 1 segment, dropped, by the rule "lose it"',
      true,
      "1 segment: SYN-ACK from server, dropped at 0.01 s",
    ]);
    expect(put(segmentsSeen({ flags: ["RST"] }, atLeast(1)), recording)).toEqual([
      "there is at least 1 segment with RST",
      false,
      "0 segments",
    ]);
    const data = segmentsSeen({ from: "client", payload: "some", phase: "drain" }, exactly(1));
    expect(put(data, recording).slice(0, 2)).toEqual([
      "there is exactly 1 segment from client carrying data, during drain",
      true,
    ]);
    expect(put(segmentsSeen({ without: ["ACK"], connection: 2 }, exactly(0)), recording)[1]).toBe(true);
  });

  test("that carry nothing new are retransmissions", () => {
    expect(put(segmentsRepeated({ from: "client", flags: ["SYN"] }, exactly(1)), recording)).toEqual([
      "there is exactly 1 retransmission from client with SYN",
      true,
      "1 retransmission: SYN from client at 1.01 s",
    ]);
    expect(put(segmentsRepeated({}, exactly(2)), recording)[1]).toBe(true);
    expect(put(segmentsRepeated({ payload: "some" }, exactly(0)), recording)[1]).toBe(true);
  });
});

describe("the states of a socket", () => {
  const look = (ms: number, state: TcpState | null): Sample => {
    const example = exampleOf({ local: "192.0.2.1:40001", remote: "192.0.2.2:8080" });
    const groups = state === null ? [] : [group(state, "connector", 1, { examples: [example] })];
    return socketsAt(at(ms), "client", groups);
  };
  const seen = handMade([
    ...handshake,
    ...[look(5, "SYN-SENT"), look(500, "SYN-SENT"), look(1020, "ESTABLISHED"), look(1500, null)],
  ]);

  test("are those of the samples, in their order, each once", () => {
    const states = ["SYN-SENT", "ESTABLISHED", "CLOSED"] as const;
    expect(put(statesPassed({ host: "client" }, states), seen)).toEqual([
      "the socket on client passes SYN-SENT, ESTABLISHED, CLOSED, in this order",
      true,
      "SYN-SENT (0.01 s), ESTABLISHED (1.02 s), CLOSED (1.50 s)",
    ]);
    expect(put(statesPassed({ host: "client" }, ["ESTABLISHED", "SYN-SENT", "CLOSED"]), seen)[1]).toBe(false);
    expect(put(statesPassed({ host: "client" }, ["SYN-SENT", "ESTABLISHED"]), seen)[1]).toBe(false);
  });

  test("of a connection that did not exist are unknown", () => {
    expect(put(statesPassed({ host: "client", connection: 2 }, ["SYN-SENT"]), seen)).toEqual([
      "the socket on client of connection 2 passes SYN-SENT, in this order",
      null,
      "there was no connection 2",
    ]);
  });
});
