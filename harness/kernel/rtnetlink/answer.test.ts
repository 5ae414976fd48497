import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attribute } from "../netlink/hand-made.fixture.ts";
import { LITTLE_ENDIAN } from "../byte-order.ts";
import { Datagram } from "../netlink/datagram.ts";
import { NetlinkFormatError } from "../netlink/format-error.ts";
import { readAnswers, type RtnetlinkAnswer } from "./answer.ts";

const CAPACITY = 4096;
/** NLM_F_CAPPED and NLM_F_ACK_TLVS of include/uapi/linux/netlink.h. */
const CAPPED = 0x100;
const WITH_ATTRIBUTES = 0x200;

interface Given extends RtnetlinkAnswer {
  /** The bytes of the request that a failure repeats; null when the kernel was asked not to repeat them. */
  repeats: Uint8Array | null;
  /** An attribute of another kind before the words. */
  other: Uint8Array | null;
}

const given: fc.Arbitrary<Given> = fc.record({
  sequence: fc.integer({ min: 1, max: 0xffff_ffff }),
  errno: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 4095 })),
  words: fc.option(
    fc.string({ unit: fc.constantFrom("a", "B", " ", "'", ":"), minLength: 1, maxLength: 60 }),
  ),
  repeats: fc.option(fc.uint8Array({ maxLength: 90 })),
  other: fc.option(fc.uint8Array({ maxLength: 9 })),
});

describe("a datagram of answers", () => {
  test("is read as it was written", () => {
    fc.assert(
      fc.property(fc.array(given, { maxLength: 12 }), (answers) => {
        expect(read(concat(answers.map(answer)))).toEqual(
          answers.map(({ sequence, errno, words }) => ({ sequence, errno, words })),
        );
      }),
      { numRuns: 200 },
    );
  });

  test("can contain messages of other types, which are skipped", () => {
    const noop = message(1, 0, 9, new Uint8Array(3));
    expect(read(concat([noop, answer({ ...done, sequence: 7 }), noop]))).toEqual([
      { sequence: 7, errno: 0, words: null },
    ]);
  });

  test.each([
    ["a header that is cut off", integers(20, 2, 1)],
    ["a length beyond the datagram", integers(200, 2, 1, 0)],
    ["a length short of the header", integers(15, 2, 1, 0)],
    ["an answer without an errno", message(2, 0, 1, new Uint8Array(0))],
    ["an answer without the request's header", message(2, 0, 1, integers(0, 0, 0))],
    ["a positive errno", message(2, CAPPED, 1, integers(1, 16, 0, 0, 0))],
    ["an errno that is too large", message(2, CAPPED, 1, integers(-4096, 16, 0, 0, 0))],
    ["a request that is too short for a message", message(2, WITH_ATTRIBUTES, 1, integers(-22, 0, 0, 0, 0))],
    ["a request longer than the answer", message(2, WITH_ATTRIBUTES, 1, integers(-22, 4000, 0, 0, 0))],
    [
      "an attribute that overruns its answer",
      message(2, CAPPED | WITH_ATTRIBUTES, 1, integers(-22, 16, 0, 0, 0, 0x0001_00ff)),
    ],
    [
      "an attribute shorter than its header",
      message(2, CAPPED | WITH_ATTRIBUTES, 1, integers(-22, 16, 0, 0, 0, 0x0001_0003)),
    ],
  ])("is refused by name: %s", (_, bytes) => {
    expect(() => read(bytes)).toThrow(NetlinkFormatError);
  });
});

describe("with any bytes", () => {
  const survives = (bytes: Uint8Array): void => {
    try {
      for (const { errno } of read(bytes)) expect(errno).toBeGreaterThanOrEqual(0);
    } catch (error) {
      expect(error, String(error)).toBeInstanceOf(NetlinkFormatError);
    }
  };

  test("reading ends, with answers or with an error of a known kind", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), survives), { numRuns: 500 });
  });

  test("reading ends with an error when a valid answer was cut off", () => {
    fc.assert(
      fc.property(given, fc.nat(), (one, cut) => {
        const whole = answer(one);
        const bytes = whole.subarray(0, 1 + (cut % (whole.length - 1)));
        expect(() => read(bytes)).toThrow(NetlinkFormatError);
      }),
      { numRuns: 200 },
    );
  });

  test("reading ends when valid answers were damaged", () => {
    const damage = fc.array(fc.tuple(fc.nat(700), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(given, { minLength: 1, maxLength: 4 }), damage, (answers, bytes) => {
        const datagram = concat(answers.map(answer));
        for (const [at, value] of bytes) datagram[at % datagram.length] = value;
        survives(datagram);
      }),
      { numRuns: 300 },
    );
  });
});

const done: Given = { sequence: 1, errno: 0, words: null, repeats: null, other: null };

function read(bytes: Uint8Array): RtnetlinkAnswer[] {
  const datagram = new Datagram(CAPACITY);
  // Bytes after the end, left by an earlier and longer datagram, must not be read.
  datagram.bytes.fill(0xff);
  datagram.bytes.set(bytes);
  return readAnswers(datagram, bytes.length);
}

/** Makes a struct nlmsgerr and what can follow it. It does not use the code under test. */
function answer({ sequence, errno, words, repeats, other }: Given): Uint8Array {
  const attributes = [
    ...(other === null ? [] : [attribute(2, other)]),
    ...(words === null ? [] : [attribute(1, Buffer.from(`${words}\0`, "latin1"))]),
  ];
  // The kernel repeats a request only when it failed.
  const repeated = errno === 0 ? new Uint8Array(0) : (repeats ?? new Uint8Array(0));
  const capped = errno === 0 || repeats === null ? CAPPED : 0;
  const head = integers(0 - errno, 16 + (repeats?.length ?? 40), 16, sequence, 0);
  const flags = capped | (attributes.length > 0 ? WITH_ATTRIBUTES : 0);
  return message(2, flags, sequence, concat([head, repeated, ...attributes]));
}

function message(type: number, flags: number, sequence: number, payload: Uint8Array): Uint8Array {
  const header = new Uint8Array(16);
  const view = new DataView(header.buffer);
  view.setUint32(0, 16 + payload.length, LITTLE_ENDIAN);
  view.setUint16(4, type, LITTLE_ENDIAN);
  view.setUint16(6, flags, LITTLE_ENDIAN);
  view.setUint32(8, sequence, LITTLE_ENDIAN);
  return Uint8Array.from([...header, ...payload]);
}

function integers(...values: number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(values).buffer);
}

/** Joins parts, each padded to 4 bytes. */
function concat(parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => [...part, ...Array<number>((4 - (part.length % 4)) % 4).fill(0)]),
  );
}
