import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildSegment, type SegmentPlan } from "./packet/build.ts";
import { FLAG } from "./packet/flags.ts";
import { parseFrame } from "./packet/frame.ts";
import { realFrame } from "./packet/real-frames.fixture.ts";
import { type End, type Segment, Tracker } from "./track.ts";

const { SYN, ACK, FIN, RST, PSH } = FLAG;
const ethernet = { source: new Uint8Array(6), destination: new Uint8Array(6) };

/** A wire between client and server on which the test itself puts segments. */
class Wire {
  readonly #tracker = new Tracker(0, ["client", "server"]);

  raw(frame: Uint8Array, from: End): Segment {
    const parsed = parseFrame(frame, frame.length);
    if (parsed.kind !== "tcp") throw new Error(JSON.stringify(parsed));
    return this.#tracker.segment(parsed, from, this.#tracker.follow(parsed, frame, from));
  }

  send(
    from: End,
    flags: number,
    sequence: number,
    acknowledgement = 0,
    changes: Partial<SegmentPlan> & { client?: number } = {},
  ): Segment {
    const { client = 40_001, ...rest } = changes;
    const ports = from === 0 ? [client, 8080] : [8080, client];
    const [sourcePort = 0, destinationPort = 0] = ports;
    const [source, destination] =
      from === 0 ? (["192.0.2.1", "192.0.2.2"] as const) : (["192.0.2.2", "192.0.2.1"] as const);
    const plan = { ethernet, source, destination, sourcePort, destinationPort, windowField: 100 };
    return this.raw(buildSegment({ ...plan, flags, sequence, acknowledgement, ...rest }), from);
  }

  handshake(client: number, server: number): Segment[] {
    return [
      this.send(0, SYN, client),
      this.send(1, SYN | ACK, server, client + 1),
      this.send(0, ACK, client + 1, server + 1),
    ];
  }
}

const numbers = (segments: Segment[]): (number | null)[][] =>
  segments.map(({ connection, sequence, acknowledgement }) => [connection, sequence, acknowledgement]);

describe("a connection", () => {
  test("whose SYN carries data includes the SYN-ACK, whether that acknowledges the data or not", () => {
    const payload = new Uint8Array(97);
    const taken = new Wire();
    expect(
      numbers([
        taken.send(0, SYN, 5000, 0, { payload }),
        taken.send(1, SYN | ACK, 9000, 5098),
        taken.send(1, PSH | ACK, 9001, 5098, { payload }),
        taken.send(0, ACK, 5098, 9001),
      ]),
    ).toEqual([
      [1, 0, null],
      [1, 0, 98],
      [1, 1, 98],
      [1, 98, 1],
    ]);
    const refused = new Wire();
    expect(
      numbers([
        refused.send(0, SYN, 5000, 0, { payload }),
        // The SYN is repeated without data; the SYN-ACK can still answer the first one.
        refused.send(0, SYN, 5000),
        refused.send(1, SYN | ACK, 9000, 5001),
        refused.send(0, PSH | ACK, 5001, 9001, { payload }),
      ]),
    ).toEqual([
      [1, 0, null],
      [1, 0, null],
      [1, 0, 1],
      [1, 1, 1],
    ]);
    // A SYN-ACK that acknowledges more than was sent does not answer this SYN.
    const other = new Wire();
    other.send(0, SYN, 5000, 0, { payload });
    expect(other.send(1, SYN | ACK, 9000, 5099).connection).toBe(2);
  });

  test("of real frames has the numbers that tcpdump prints", () => {
    const wire = new Wire();
    const syn = wire.raw(realFrame("SYN of IPv4"), 0);
    expect(syn).toEqual({
      kind: "packet",
      link: 0,
      from: "client",
      to: "server",
      connection: 1,
      fromPort: 51_456,
      toPort: 8080,
      flags: ["SYN"],
      sequence: 0,
      acknowledgement: null,
      windowBytes: 64_240,
      payloadBytes: 0,
      options: {
        mssBytes: 1460,
        sackPermitted: true,
        timestamps: { value: 1_572_660_209, echo: 0 },
        windowScale: 10,
      },
    });
    expect(wire.raw(realFrame("SYN-ACK of IPv4"), 1)).toMatchObject({
      from: "server",
      connection: 1,
      sequence: 0,
      acknowledgement: 1,
      windowBytes: 65_160,
    });
    expect(wire.raw(realFrame("data of IPv4"), 0)).toMatchObject({
      connection: 1,
      flags: ["PSH", "ACK"],
      sequence: 1,
      acknowledgement: 1,
      windowBytes: 63 * 1024,
      payloadBytes: 10,
    });
    expect(wire.raw(realFrame("FIN of IPv4"), 0)).toMatchObject({ sequence: 11, acknowledgement: 8 });
    expect(wire.raw(realFrame("SYN of IPv6"), 0)).toMatchObject({ connection: 2, sequence: 0 });
  });

  test("can begin at any number, because sequence numbers wrap", () => {
    fc.assert(
      fc.property(fc.nat({ max: 0xffff_ffff }), fc.nat({ max: 0xffff_ffff }), (client, server) => {
        const wire = new Wire();
        const plus = (number: number, more: number): number => (number + more) >>> 0;
        const seen = [
          wire.send(0, SYN, client),
          wire.send(1, SYN | ACK, server, plus(client, 1)),
          wire.send(0, ACK | PSH, plus(client, 1), plus(server, 1), { payload: new Uint8Array(1000) }),
          wire.send(1, FIN | ACK, plus(server, 1), plus(client, 1001)),
        ];
        expect(numbers(seen)).toEqual([
          [1, 0, null],
          [1, 0, 1],
          [1, 1, 1],
          [1, 1, 1001],
        ]);
      }),
    );
  });

  test("has SACK edges relative to the receiver's SYN", () => {
    const wire = new Wire();
    wire.handshake(4_294_967_000, 77);
    const options = { sack: [[705, 1705] as [number, number]] };
    expect(wire.send(1, ACK, 78, 4_294_967_001, { options }).options).toEqual({ sack: [[1001, 2001]] });
  });

  test("has scaled windows only when both SYNs have the option, and never in a SYN", () => {
    for (const [server, shifted] of [
      [7, 100 * 2 ** 14],
      [undefined, 100],
    ] as const) {
      const wire = new Wire();
      expect(wire.send(0, SYN, 5, 0, { options: { windowScale: 200 } }).windowBytes).toBe(100);
      const options = server === undefined ? {} : { windowScale: server };
      expect(wire.send(1, SYN | ACK, 5, 6, { options }).windowBytes).toBe(100);
      expect(wire.send(0, ACK, 6, 6).windowBytes).toBe(shifted);
    }
  });

  test("keeps its number when its SYN or SYN-ACK is retransmitted", () => {
    const wire = new Wire();
    const seen = [wire.send(0, SYN, 10), wire.send(0, SYN, 10), wire.send(1, SYN | ACK, 90, 11)];
    expect(numbers([...seen, wire.send(1, SYN | ACK, 90, 11), wire.send(0, ACK, 11, 91)])).toEqual([
      [1, 0, null],
      [1, 0, null],
      [1, 0, 1],
      [1, 0, 1],
      [1, 1, 1],
    ]);
  });

  test("counts from the second SYN-ACK when that has another initial number", () => {
    const wire = new Wire();
    wire.send(0, SYN, 10);
    wire.send(1, SYN | ACK, 90, 11);
    expect(wire.send(1, SYN | ACK, 5000, 11)).toMatchObject({ connection: 1, sequence: 0 });
    expect(wire.send(0, ACK, 11, 5001)).toMatchObject({ connection: 1, acknowledgement: 1 });
  });

  test("is one connection when both ends open it at the same time", () => {
    const wire = new Wire();
    const seen = [wire.send(0, SYN, 10), wire.send(1, SYN, 90), wire.send(0, SYN | ACK, 10, 91)];
    expect(numbers([...seen, wire.send(1, SYN | ACK, 90, 11)])).toEqual([
      [1, 0, null],
      [1, 0, null],
      [1, 0, 1],
      [1, 0, 1],
    ]);
  });

  test("that was refused has a reset with the number 0", () => {
    const wire = new Wire();
    wire.send(0, SYN, 10);
    expect(wire.send(1, RST | ACK, 0, 11)).toMatchObject({
      connection: 1,
      sequence: 0,
      acknowledgement: 1,
    });
  });

  test("whose SYNs were not captured counts from 1", () => {
    const wire = new Wire();
    expect(numbers([wire.send(1, ACK, 500, 900), wire.send(0, ACK, 900, 500)])).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ]);
  });
});

describe("another connection", () => {
  test("begins with a new initial number on the same ports, and on other ports", () => {
    const wire = new Wire();
    wire.handshake(10, 90);
    expect(numbers(wire.handshake(1_000_000, 2_000_000))).toEqual([
      [2, 0, null],
      [2, 0, 1],
      [2, 1, 1],
    ]);
    expect(wire.send(0, SYN, 10, 0, { client: 40_002 })).toMatchObject({ connection: 3 });
    const source = "198.51.100.1";
    expect(wire.send(0, SYN, 10, 0, { source })).toMatchObject({ connection: 4 });
  });

  test("does not get late segments of the former connection, from either end", () => {
    const wire = new Wire();
    wire.handshake(10, 90);
    wire.send(0, SYN, 1_000_000);
    const challenge = wire.send(1, ACK, 91, 11);
    const reset = wire.send(0, RST, 11);
    expect(numbers([challenge, reset])).toEqual([
      [1, 1, 1],
      [1, 1, null],
    ]);
    expect(wire.send(0, SYN, 10)).toMatchObject({ connection: 1 });
    expect(wire.send(1, SYN | ACK, 7_000_000, 1_000_001)).toMatchObject({ connection: 2, sequence: 0 });
    expect(wire.send(0, ACK | PSH, 11, 91, { payload: new Uint8Array(5) })).toMatchObject({ connection: 1 });
    expect(wire.send(0, ACK, 1_000_001, 7_000_001)).toMatchObject({ connection: 2, acknowledgement: 1 });
  });
});

test("no sequence of segments makes it throw or count wrongly", () => {
  const any = fc.record({
    from: fc.constantFrom<End>(0, 1),
    flags: fc.nat({ max: 255 }),
    sequence: fc.nat({ max: 0xffff_ffff }),
    acknowledgement: fc.nat({ max: 0xffff_ffff }),
    client: fc.nat({ max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 40 }), (sent) => {
      const wire = new Wire();
      let most = 0;
      for (const { from, flags, sequence, acknowledgement, client } of sent) {
        const seen = wire.send(from, flags, sequence, acknowledgement, { client });
        expect(seen.connection).toBeLessThanOrEqual(most + 1);
        most = Math.max(most, seen.connection);
        expect(seen.sequence).toBeLessThanOrEqual(0xffff_ffff);
        if ((flags & SYN) !== 0) expect(seen.sequence).toBe(0);
      }
    }),
    { numRuns: 50 },
  );
});
