import { describe, expect, test } from "vitest";
import type { PacketSample } from "../model/sample.ts";
import { at, handMade, packetAt } from "../recording/hand-made.fixture.ts";
import { repeats, wireConnections } from "./packets.ts";

const syn = (ms: number, changes: Partial<PacketSample> = {}): PacketSample =>
  packetAt(at(ms), "client", ["SYN"], { sequence: 0, ...changes });

describe("the connections of a wire", () => {
  test("are distinguished by link and number, and know who began", () => {
    const found = wireConnections(
      handMade([
        packetAt(at(1), "server", ["ACK"], { link: 1, connection: 1 }),
        syn(2, { connection: 2, fromPort: 40_002 }),
        syn(3),
        packetAt(at(4), "server", ["SYN", "ACK"], { sequence: 0 }),
      ]),
    );
    expect(found.map(({ link, connection, packets }) => [link, connection, packets.length])).toEqual([
      [0, 1, 2],
      [0, 2, 1],
      [1, 1, 1],
    ]);
    expect(found[0]?.ends).toEqual([
      { host: "client", port: 40_001 },
      { host: "server", port: 8080 },
    ]);
    expect(found[2]?.ends[0]).toEqual({ host: "server", port: 8080 });
  });

  test("have their segments in the order of arrival, even if a held one was recorded later", () => {
    const first = packetAt(at(2), "client", ["ACK"], { payloadBytes: 97, fate: "held" });
    const again = packetAt(at(5), "client", ["ACK"], { payloadBytes: 97 });
    const packets = wireConnections(handMade([syn(1), again, first]))[0]?.packets ?? [];
    expect(packets.map(({ atUs }) => atUs)).toEqual([1000, 2000, 5000]);
    expect([...repeats(packets).keys()]).toEqual([again]);
  });

  test("end where the next one of the same ports begins, whoever begins it", () => {
    const found = wireConnections(
      handMade([
        syn(1),
        packetAt(at(500), "server", ["SYN"], { connection: 2 }),
        syn(600, { connection: 3, fromPort: 40_002 }),
      ]),
    );
    expect(found.map(({ untilUs, isSuccessor }) => [untilUs, isSuccessor])).toEqual([
      [500_000, false],
      [null, true],
      [null, false],
    ]);
  });
});

describe("a repeated segment", () => {
  function kinds(packets: PacketSample[]): (string | undefined)[] {
    const found = repeats(packets);
    return packets.map((packet) => found.get(packet)?.kind);
  }
  const data = (sequence: number, payloadBytes: number, changes: Partial<PacketSample> = {}): PacketSample =>
    packetAt(at(5), "client", ["ACK"], { sequence, payloadBytes, ...changes });

  test("has only sequence numbers that the same end had sent before", () => {
    expect(
      kinds([
        syn(1),
        syn(2),
        packetAt(at(3), "server", ["SYN", "ACK"], { sequence: 0 }),
        packetAt(at(4), "server", ["SYN", "ACK"], { sequence: 0 }),
        data(1, 0),
        data(1, 10),
        data(1, 10),
        data(1, 20),
        data(11, 10),
        packetAt(at(6), "client", ["FIN", "ACK"], { sequence: 21 }),
        packetAt(at(7), "client", ["FIN", "ACK"], { sequence: 21 }),
      ]),
    ).toEqual([
      ...[undefined, "retransmission", undefined, "retransmission", undefined],
      ...[undefined, "retransmission", undefined, "retransmission", undefined, "retransmission"],
    ]);
  });

  test("knows what it repeats: the first segment with its first byte", () => {
    const packets = [data(1, 10), data(11, 10, at(6)), data(11, 10, at(9)), data(1, 5, at(9))];
    const found = repeats(packets);
    expect(found.get(packets[2] as PacketSample)).toMatchObject({ first: packets[1] });
    expect(found.get(packets[3] as PacketSample)).toMatchObject({ first: packets[0] });
  });

  test("is a probe when it has the number before the next and carries nothing", () => {
    const closed = packetAt(at(6), "server", ["ACK"], { windowBytes: 0 });
    expect(kinds([data(1, 10), data(10, 0), closed, data(10, 0), data(11, 0)])).toEqual([
      undefined,
      "keep-alive probe",
      undefined,
      "window probe",
      undefined,
    ]);
  });

  test("is neither a segment after the numbers wrapped nor a reset", () => {
    const high = 4_294_967_290;
    expect(
      kinds([
        data(high, 10),
        data(4, 10),
        data(high, 10),
        packetAt(at(7), "client", ["RST"], { sequence: 4 }),
      ]),
    ).toEqual([undefined, undefined, "retransmission", undefined]);
  });
});
