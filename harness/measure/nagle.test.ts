import { describe, expect, test } from "vitest";
import type { PacketSample } from "../model/sample.ts";
import { at, packetAt } from "../recording/hand-made.fixture.ts";
import { nagleStalls } from "./nagle.ts";

/** A part of an answer, from the server: when, and where it begins. */
const part = (ms: number, sequence: number, payloadBytes = 20): PacketSample =>
  packetAt(at(ms), "server", ["PSH", "ACK"], { sequence, payloadBytes });
/** An acknowledgement without data; it can leave the wire later than it came. */
const acknowledged = (ms: number, acknowledgement: number, heldMs = 0): PacketSample =>
  packetAt(at(ms), "client", ["ACK"], { acknowledgement, sentUs: 1000 * (ms + heldMs) });
const request = (ms: number, acknowledgement: number): PacketSample =>
  packetAt(at(ms), "client", ["PSH", "ACK"], { acknowledgement, payloadBytes: 6 });

describe("a part of an answer", () => {
  test.each<[string, PacketSample[], number]>([
    [
      "that waits for a delayed acknowledgement stalls",
      [part(0, 1), acknowledged(41, 21), part(41.2, 21)],
      1,
    ],
    [
      "that waits for one that is held on the wire stalls",
      [part(0, 1), acknowledged(41, 21, 30), part(71.2, 21)],
      1,
    ],
    [
      "that comes before the held acknowledgement has left the wire does not",
      [part(0, 1), acknowledged(41, 21, 30), part(41.2, 21)],
      0,
    ],
    ["that follows at once (TCP_NODELAY) does not", [part(0, 1), part(0.1, 21), acknowledged(0.2, 41)], 0],
    ["that follows a prompt acknowledgement does not", [part(0, 1), acknowledged(0.2, 21), part(0.4, 21)], 0],
    [
      "that the program writes some time after the acknowledgement does not",
      [part(0, 1), acknowledged(41, 21), part(55, 21)],
      0,
    ],
    ["of the next answer (one write) does not", [part(0, 1), request(41, 21), part(41.2, 21)], 0],
    ["that was sent before does not", [part(0, 1), acknowledged(41, 21), part(41.2, 1)], 0],
    [
      "whose acknowledgement is of something before it does not",
      [part(0, 1), part(0.1, 21), acknowledged(41, 21), part(41.2, 41)],
      0,
    ],
  ])("%s", (_, packets, count) => {
    const [syn, synAck] = [
      packetAt(at(-1), "client", ["SYN"], { sequence: 0 }),
      packetAt(at(-0.9), "server", ["SYN", "ACK"], { sequence: 0 }),
    ];
    expect(nagleStalls([syn, synAck, ...packets], "server")).toHaveLength(count);
  });

  test("has its times in microseconds", () => {
    const [stall] = nagleStalls([part(0, 1), acknowledged(41, 21, 30), part(71.5, 21)], "server");
    expect(stall).toEqual({ acknowledgedUs: 41_000, followedUs: 500 });
  });
});
