import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildSegment, type SegmentPlan } from "./build.ts";
import { FLAG } from "./flags.ts";
import { parseFrame, type Frame } from "./frame.ts";
import { REAL_FRAMES, realFrame } from "./real-frames.fixture.ts";

const ethernet = { source: new Uint8Array(6).fill(2), destination: new Uint8Array(6).fill(4) };
const plain: SegmentPlan = {
  ethernet,
  source: "192.0.2.1",
  destination: "192.0.2.2",
  sourcePort: 40_001,
  destinationPort: 8080,
  sequence: 7,
  acknowledgement: 9,
  flags: FLAG.PSH | FLAG.ACK,
  windowField: 512,
  payload: new TextEncoder().encode("attempt 1\n"),
};
const plain6 = { ...plain, source: "2001:db8::1", destination: "2001:db8::2" };

function parse(frame: Uint8Array): Frame {
  return parseFrame(frame, frame.length);
}

/** A frame with extension headers after its IPv6 header, whose own fields are adapted to them. */
function withExtensions(headers: number[][], first: number): Uint8Array {
  const frame = buildSegment(plain6);
  const between = Uint8Array.from(headers.flat());
  const longer = new Uint8Array(frame.length + between.length);
  longer.set(frame.subarray(0, 54));
  longer.set(between, 54);
  longer.set(frame.subarray(54), 54 + between.length);
  longer[20] = first;
  const length = longer.length - 54;
  longer.set([length >> 8, length & 0xff], 18);
  return longer;
}

describe("a frame that Linux sent", () => {
  test.each<[keyof typeof REAL_FRAMES, object]>([
    [
      "SYN of IPv4",
      {
        source: "192.0.2.1",
        destination: "192.0.2.2",
        sourcePort: 51_456,
        destinationPort: 8080,
        sequence: 646_479_871,
        acknowledgement: 0,
        flags: FLAG.SYN,
        windowField: 64_240,
        payloadBytes: 0,
        options: {
          mssBytes: 1460,
          sackPermitted: true,
          timestamps: { value: 1_572_660_209, echo: 0 },
          windowScale: 10,
        },
      },
    ],
    [
      "data of IPv4",
      {
        acknowledgement: 3_362_459_940,
        flags: FLAG.PSH | FLAG.ACK,
        payloadBytes: 10,
        options: { timestamps: { value: 1_572_660_210, echo: 2_645_048_024 } },
      },
    ],
    ["FIN of IPv4", { flags: FLAG.FIN | FLAG.ACK, payloadBytes: 0 }],
    [
      "SYN-ACK of IPv6",
      {
        ipVersion: 6,
        source: "2001:db8::2",
        destination: "2001:db8::1",
        sequence: 563_735_719,
        acknowledgement: 776_385_592,
        flags: FLAG.SYN | FLAG.ACK,
        payloadBytes: 0,
      },
    ],
    ["SYN with a Fast Open request", { options: expect.objectContaining({ fastOpenCookie: "" }) }],
  ])("%s", (name, fields) => {
    expect(parse(realFrame(name))).toMatchObject({ kind: "tcp", ...fields });
  });

  const names = Object.keys(REAL_FRAMES) as (keyof typeof REAL_FRAMES)[];

  test.each(names)("%s, cut off anywhere, is malformed", (name) => {
    const whole = realFrame(name);
    for (let length = 0; length < whole.length; length += 1) {
      // A frame can be short in two ways: the buffer is short, or `length` is.
      expect(parse(whole.slice(0, length)).kind, `${length}`).toBe("malformed");
      expect(parseFrame(whole, length).kind, `${length}`).toBe("malformed");
    }
  });

  test.each(names)("%s, with any one byte changed, is parsed without an exception", (name) => {
    const frame = realFrame(name);
    for (let at = 0; at < frame.length; at += 1) {
      const was = frame[at] ?? 0;
      for (const byte of [0, 1, 0x7f, 0x80, 0xff, was ^ 0x10]) {
        frame[at] = byte;
        readAll(parse(frame));
      }
      frame[at] = was;
    }
    expect(parse(frame).kind).toBe("tcp");
  });
});

/** Reads every property, also those that are parsed only when they are read. */
function readAll(frame: Frame): void {
  if (frame.kind !== "tcp") return;
  expect(frame.payloadBytes).toBeGreaterThanOrEqual(0);
  expect([frame.source, frame.destination, frame.options]).toHaveLength(3);
}

test("arbitrary bytes are parsed without an exception", () => {
  const ip = fc.constantFrom([0x08, 0x00, 0x45], [0x08, 0x00, 0x4f], [0x86, 0xdd, 0x60], [0x86, 0xdd, 0x00]);
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.tuple(ip, fc.uint8Array({ maxLength: 200 })).map(([head, rest]) => {
      return Uint8Array.from([...new Uint8Array(12), ...head, ...rest]);
    }),
  );
  fc.assert(
    fc.property(bytes, fc.integer({ min: -1, max: 300 }), (frame, length) => {
      readAll(parseFrame(frame, length));
    }),
    { numRuns: 1000 },
  );
});

describe("a frame is of the kind other", () => {
  test.each<[string, (frame: Uint8Array) => void]>([
    ["with an 802.1Q tag", (frame) => frame.set([0x81, 0x00], 12)],
    ["of ARP", (frame) => frame.set([0x08, 0x06], 12)],
    ["of UDP", (frame) => frame.set([17], 23)],
    ["as the first fragment", (frame) => frame.set([0x20, 0x00], 20)],
    ["as a later fragment", (frame) => frame.set([0x00, 0x01], 20)],
  ])("%s", (_, change) => {
    const frame = buildSegment(plain);
    change(frame);
    expect(parse(frame)).toEqual({ kind: "other" });
  });

  test("as a fragment of IPv6, and with an unknown next header", () => {
    expect(parse(withExtensions([[6, 0, 0, 1, 0, 0, 0, 9]], 44)).kind).toBe("other");
    expect(parse(withExtensions([[6, 0, 0, 8, 0, 0, 0, 9]], 44)).kind).toBe("other");
    expect(parse(withExtensions([], 59)).kind).toBe("other");
  });
});

describe("IPv6 extension headers", () => {
  const options = (next: number): number[] => [next, 0, 1, 4, 0, 0, 0, 0];

  test("are skipped, each by its own length", () => {
    const routing = [51, 1, 0, 0, ...Array.from({ length: 12 }, () => 0)];
    const authentication = [44, 4, ...Array.from({ length: 22 }, () => 0)];
    const atomicFragment = [6, 0, 0, 0, 0, 0, 0, 9];
    const frame = withExtensions([options(60), options(43), routing, authentication, atomicFragment], 0);
    expect(parse(frame)).toMatchObject({ kind: "tcp", sourcePort: 40_001, payloadBytes: 10 });
  });

  test("are followed up to the limit", () => {
    const chain = (count: number): number[][] =>
      Array.from({ length: count }, (_, n) => options(n === count - 1 ? 6 : 60));
    expect(parse(withExtensions(chain(8), 60)).kind).toBe("tcp");
    expect(parse(withExtensions(chain(9), 60))).toMatchObject({
      kind: "malformed",
      because: expect.stringContaining("8 extension headers"),
    });
  });

  test("that reach past the end are malformed", () => {
    expect(parse(withExtensions([[6, 255, 0, 0, 0, 0, 0, 0]], 60)).kind).toBe("malformed");
  });
});

describe("IPv4", () => {
  test("can have options", () => {
    const frame = buildSegment(plain);
    const longer = new Uint8Array(frame.length + 4);
    longer.set(frame.subarray(0, 34));
    longer.set([1, 1, 1, 0], 34);
    longer.set(frame.subarray(34), 38);
    longer[14] = 0x46;
    longer[17] = (longer[17] ?? 0) + 4;
    expect(parse(longer)).toMatchObject({ kind: "tcp", tcpOffset: 38, payloadOffset: 58, payloadBytes: 10 });
  });

  test("has its end in its own header, because Ethernet can pad the frame", () => {
    const frame = buildSegment(plain);
    const filled = new Uint8Array(100);
    filled.set(frame);
    expect(parse(filled)).toMatchObject({ payloadBytes: 10 });
  });

  test.each<[string, number, number, string]>([
    ["another version than the EtherType's", 14, 0x65, "version"],
    ["a header of 16 bytes", 14, 0x44, "less than its headers"],
    ["a length beyond the frame", 16, 0xff, "shorter than its IP header says"],
    ["a TCP header of 16 bytes", 46, 0x40, "data offset"],
    ["a TCP header beyond the packet", 46, 0xf0, "ends within its TCP header"],
  ])("with %s is malformed", (_, at, byte, because) => {
    const frame = buildSegment(plain);
    frame[at] = byte;
    expect(parse(frame)).toMatchObject({ kind: "malformed", because: expect.stringContaining(because) });
  });
});
