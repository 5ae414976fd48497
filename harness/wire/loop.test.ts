import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PeerPlan } from "../model/peer.ts";
import type { WirePlan, WireRule } from "../model/wire.ts";
import { plainWire } from "../recording/hand-made.fixture.ts";
import { LogReader, SegmentLog } from "./log.ts";
import { Wire } from "./loop.ts";
import type { HostAddresses } from "./order.ts";
import { buildSegment } from "./packet/build.ts";
import { FLAG } from "./packet/flags.ts";
import { parseFrame } from "./packet/frame.ts";
import type { Side } from "./side.ts";

const ethernet = { source: Uint8Array.of(2, 0, 0, 0, 0, 1), destination: Uint8Array.of(2, 0, 0, 0, 0, 2) };

/** A segment from the client with one byte of payload that identifies it, or the same from the server. */
function data(byte: number, from: Side = 0): Uint8Array {
  const [source, destination] =
    from === 0 ? (["192.0.2.1", "192.0.2.2"] as const) : (["192.0.2.2", "192.0.2.1"] as const);
  const [sourcePort, destinationPort] = from === 0 ? ([40_001, 8080] as const) : ([8080, 40_001] as const);
  const numbers = { sequence: 1000 + byte, acknowledgement: 1, flags: FLAG.ACK, windowField: 9 };
  const ends = { source, destination, sourcePort, destinationPort };
  return buildSegment({ ethernet, ...ends, ...numbers, payload: Uint8Array.of(byte) });
}

const hostAt = (n: 1 | 2): HostAddresses => ({
  ethernet: `02:00:00:00:00:0${n}`,
  ipv4: `192.0.2.${n}`,
  ipv6: `2001:db8:0:0::${n}`,
});

const arp = Uint8Array.from({ length: 42 }, (_, n) => (n === 12 ? 0x08 : n === 13 ? 0x06 : 0));

class Bench {
  readonly sent: { to: Side; byte: number }[] = [];
  readonly frames: Uint8Array[] = [];
  readonly log = new SegmentLog({ bytes: 1 << 16, keepBytes: 100, most: 1000 });
  readonly wire: Wire;
  takes = true;

  constructor(rules: WireRule[] = [], changes: Partial<WirePlan> = {}, capacity = 16) {
    const plan = plainWire({ rules, ...changes });
    const sendTo = (to: Side, bytes: Uint8Array, length: number): boolean => {
      if (!this.takes) return false;
      this.sent.push({ to, byte: bytes[length - 1]! });
      this.frames.push(bytes.slice(0, length));
      return true;
    };
    const router = { ipv4: "192.0.2.254", ipv6: "2001:db8:0:0::fe" };
    const hosts = [hostAt(1), hostAt(2)] as const;
    this.wire = new Wire(plan, { sendTo, router, hosts }, this.log, capacity);
  }

  put(frame: Uint8Array, nowUs: number, side: Side = 0): void {
    // The reader uses its buffer again as soon as the wire returns.
    const bytes = new Uint8Array(2000);
    bytes.set(frame);
    this.wire.arrive(side, bytes, frame.length, nowUs);
    bytes.fill(0xee);
  }

  /** The last bytes of the frames that were sent to the server. */
  get bytes(): number[] {
    return this.sent.filter(({ to }) => to === 1).map(({ byte }) => byte);
  }

  fates(): (string | number | null | undefined)[][] {
    const told = this.log.waiting.slice();
    this.log.forget(told.length);
    return new LogReader()
      .read(told)
      .map((entry) => [entry.id, entry.departure?.fate, entry.departure?.sentUs]);
  }
}

describe("a wire", () => {
  test("without delay sends a frame at once", () => {
    const bench = new Bench();
    bench.put(data(7), 50);
    expect([bench.bytes, bench.fates()]).toEqual([[7], [[1, "passed", 50]]]);
  });

  test("with delay sends a frame when it is due, and ARP at once", () => {
    const bench = new Bench([], { delayMs: [2, 5] });
    bench.put(data(7), 50);
    bench.put(data(8, 1), 60, 1);
    bench.put(arp, 70);
    expect([bench.sent, bench.wire.nextDueUs()]).toEqual([[{ to: 1, byte: 0 }], 2050]);
    bench.wire.depart(2049);
    expect(bench.sent).toHaveLength(1);
    bench.wire.depart(6000);
    expect(bench.sent.slice(1)).toEqual([
      { to: 1, byte: 7 },
      { to: 0, byte: 8 },
    ]);
    expect(bench.fates().slice(-2)).toEqual([
      [1, "passed", 6000],
      [2, "passed", 6000],
    ]);
  });

  test("delays a frame from its arrival, also when it was read later", () => {
    const bench = new Bench([], { delayMs: [2, 5] });
    const frame = data(7);
    bench.wire.arrive(0, frame, frame.length, 1000, 200);
    expect(bench.wire.nextDueUs()).toBe(2200);
    bench.wire.depart(2200);
    const told = bench.log.waiting.slice();
    const [first] = new LogReader().read(told);
    expect(first).toMatchObject({ kind: "arrival", arrival: { atUs: 200 } });
  });

  test.each<[string, WireRule["do"], number[], string]>([
    ["drops", { drop: true }, [2], "dropped"],
    ["passes", { pass: true }, [1, 2], "passed"],
    ["holds for a time", { holdMs: 1 }, [2, 1], "held"],
    ["holds until an intervention", { holdUntil: "go" }, [2, 1], "held"],
    ["duplicates", { duplicateAfterMs: 1 }, [1, 2, 1], "duplicated"],
    ["corrupts", { corrupt: true }, [0xfe, 2], "corrupted"],
  ])("%s only the segments that a rule matches", (_, action, bytes, fate) => {
    const bench = new Bench([{ name: "it", match: { nth: { from: 1, to: 1 } }, do: action }]);
    bench.put(data(1), 10);
    bench.put(data(2), 20);
    bench.wire.depart(1010);
    bench.wire.intervene("go", null, 2000);
    expect(bench.bytes).toEqual(bytes);
    const fates = bench.fates();
    expect(fates.find(([id, of]) => id === 1 && of !== undefined)?.[1]).toBe(fate);
    expect(bench.wire.summary().rules).toEqual([{ rule: "it", segments: 1 }]);
  });

  test("does not hold a segment for an intervention that is already done", () => {
    const bench = new Bench([{ name: "it", match: {}, do: { holdUntil: "go" } }]);
    bench.wire.intervene("go", null, 5);
    bench.put(data(1), 10);
    expect([bench.bytes, bench.fates()]).toEqual([[1], [[1, "passed", 10]]]);
  });

  test("that is cut loses frames that arrive and frames on their way, but passes ARP", () => {
    const bench = new Bench([], { delayMs: [1, 1] });
    bench.put(data(1), 10);
    bench.wire.intervene("cut", { cut: true }, 20);
    bench.put(data(2), 30);
    bench.put(arp, 40);
    bench.wire.depart(1500);
    bench.wire.intervene("join", { cut: false }, 1600);
    bench.put(data(3), 1700);
    bench.wire.depart(2700);
    expect(bench.bytes).toEqual([0, 3]);
    expect(bench.fates()).toEqual([
      [1, undefined, undefined],
      [2, "cut", null],
      [1, "cut", null],
      [3, undefined, undefined],
      [3, "passed", 2700],
    ]);
  });

  test("passes no frame to or from a silent host", () => {
    const bench = new Bench();
    bench.wire.intervene("gone", { side: 1, become: "silent" }, 5);
    bench.put(data(1), 10);
    bench.put(data(2, 1), 20, 1);
    expect([bench.sent, bench.fates().map(([, fate]) => fate)]).toEqual([[], ["cut", "cut"]]);
    bench.wire.intervene("back", { side: 1, become: "present" }, 30);
    bench.put(data(3), 40);
    expect(bench.bytes).toEqual([3]);
  });

  test("answers only segments to an unreachable host with an ICMP error", () => {
    const bench = new Bench();
    bench.wire.intervene("gone", { side: 1, become: "unreachable" }, 5);
    const segment = data(1);
    bench.put(segment, 10);
    const icmp = segment.slice();
    icmp[23] = 1;
    bench.put(icmp, 11);
    bench.wire.depart(20);
    expect(bench.sent.map(({ to }) => to)).toEqual([0]);
    const [answer] = bench.frames;
    // Type 3, code 1 (RFC 792), from the router to the client. It quotes the segment, beginning with its IP header.
    expect([...answer!.subarray(26, 36)]).toEqual([192, 0, 2, 254, 192, 0, 2, 1, 3, 1]);
    expect(answer!.subarray(42)).toEqual(segment.subarray(14));
  });

  test("with full memory counts the frames that it loses", () => {
    const bench = new Bench([], { delayMs: [1, 1] }, 2);
    for (const byte of [1, 2, 3]) bench.put(data(byte), 10);
    bench.wire.depart(1010);
    expect([bench.bytes, bench.wire.summary().lostFrames]).toEqual([[1, 2], 1]);
    expect(bench.fates()).toContainEqual([3, "lost", null]);
    bench.takes = false;
    bench.put(data(4), 2000);
    bench.wire.depart(3000);
    expect(bench.wire.summary()).toMatchObject({ frames: 4, lostFrames: 2 });
  });

  test("passes any bytes, and counts those that are malformed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, isIp) => {
        const frame = bytes.slice();
        if (isIp && frame.length > 14) frame.set([0x08, 0x00], 12);
        const bench = new Bench();
        bench.put(frame, 10);
        expect(bench.frames).toEqual([frame]);
        const malformed = parseFrame(frame, frame.length).kind === "malformed" ? 1 : 0;
        expect(bench.wire.summary()).toMatchObject({ frames: 1, malformed, lostFrames: 0 });
      }),
    );
  });

  test("logs at the end the segments that never left", () => {
    const bench = new Bench([{ name: "it", match: {}, do: { holdUntil: "go" } }]);
    bench.put(data(1), 10);
    bench.wire.finish(20);
    expect(bench.fates()).toEqual([
      [1, undefined, undefined],
      [1, "held", null],
    ]);
  });
});

describe("a wire with a peer", () => {
  const peer: PeerPlan = {
    host: "server",
    connections: 1,
    port: 8080,
    steps: [
      { await: { flags: ["ACK"] }, withinMs: 5 },
      { send: { flags: ["ACK"], windowBytes: 0, payloadBytes: 1 } },
      { await: { flags: ["FIN"] }, withinMs: 5 },
    ],
  };
  const A = 0x61;

  /** A SYN with one byte of payload, from the client. */
  function call(): Uint8Array {
    const ends = { source: "192.0.2.1", destination: "192.0.2.2", sourcePort: 40_001, destinationPort: 8080 };
    const numbers = { sequence: 1000, acknowledgement: 1, windowField: 9 };
    return buildSegment({ ethernet, ...ends, ...numbers, flags: FLAG.SYN, payload: Uint8Array.of(1) });
  }

  test("gives the peer the segments to its side, and carries its segments like other frames", () => {
    const bench = new Bench([{ name: "it", match: { from: "server" }, do: { holdMs: 1 } }], {
      peer,
      delayMs: [2, 5],
    });
    bench.wire.depart(0);
    bench.put(call(), 10);
    bench.put(data(2), 10);
    expect(bench.wire.nextDueUs()).toBe(2010);
    bench.wire.depart(2010);
    bench.wire.depart(2011);
    // 5 ms of delay, and 1 ms that the rule holds it.
    expect(bench.wire.nextDueUs()).toBe(2010 + 5000);
    bench.wire.depart(8010);
    expect(bench.sent).toEqual([{ to: 0, byte: A }]);
    expect(bench.fates().filter(([, fate]) => fate !== undefined)).toEqual([
      [1, "passed", 2010],
      [2, "passed", 2010],
      [3, "held", 8010],
    ]);
    const { rules, unfinished } = bench.wire.summary();
    expect([rules, unfinished]).toEqual([
      [{ rule: "it", segments: 1 }],
      [{ connection: 1, step: 2, unmet: true }],
    ]);
  });

  test("refuses TCP from the kernel of the peer's host, and passes other frames in both directions", () => {
    const bench = new Bench([], { peer });
    bench.put(data(9, 1), 10, 1);
    expect([bench.sent, bench.fates()]).toEqual([[], [[1, "cut", null]]]);
    for (const side of [0, 1] as const) {
      const icmp = data(9, side);
      icmp[23] = 1;
      bench.put(icmp, 20, side);
    }
    expect(bench.sent).toEqual([
      { to: 1, byte: 9 },
      { to: 0, byte: 9 },
    ]);
  });

  test("gives the peer no damaged segment, and none when its host is silent", () => {
    const bench = new Bench([{ name: "it", match: { flags: ["SYN"] }, do: { corrupt: true } }], { peer });
    bench.put(call(), 10);
    bench.put(data(2), 10);
    bench.wire.depart(20);
    expect(bench.sent).toEqual([]);
    const gone = new Bench([], { peer });
    gone.put(call(), 10);
    gone.wire.intervene("gone", { side: 1, become: "silent" }, 15);
    gone.put(data(2), 20);
    gone.wire.depart(20);
    expect([gone.sent, gone.fates().map(([, fate]) => fate)]).toEqual([[], ["passed", "cut"]]);
  });

  test("continues the peer's script when an intervention is done", () => {
    const steps: PeerPlan["steps"] = [
      { after: "go" },
      { send: { flags: ["ACK"], windowBytes: 0, payloadBytes: 1 } },
    ];
    const bench = new Bench([], { peer: { ...peer, to: 40_001, steps } });
    bench.wire.depart(5);
    expect([bench.sent, bench.wire.nextDueUs()]).toEqual([[], Infinity]);
    bench.wire.intervene("go", null, 10);
    expect([bench.sent, bench.wire.summary().unfinished]).toEqual([[{ to: 0, byte: A }], []]);
  });
});
