import * as fc from "fast-check";
import { expect, test } from "vitest";
import { addressText } from "./address.ts";
import { buildSegment, type SegmentPlan } from "./build.ts";
import type { RawOptions } from "./options.ts";
import { checksum, pseudoHeaderSum } from "./checksum.ts";
import { parseFrame } from "./frame.ts";

const number32 = fc.nat({ max: 0xffff_ffff });
const port = fc.nat({ max: 0xffff });

/** Options that fit into one header: those of a SYN, or timestamps and SACK. */
const options: fc.Arbitrary<RawOptions> = fc.oneof(
  fc.record(
    {
      mssBytes: port,
      windowScale: fc.nat({ max: 255 }),
      sackPermitted: fc.constant(true as const),
      fastOpenCookie: fc
        .uint8Array({ minLength: 4, maxLength: 16 })
        .map((bytes) => Buffer.from(bytes).toString("hex")),
      timestamps: fc.record({ value: number32, echo: number32 }),
    },
    { requiredKeys: [] },
  ),
  fc.record({ fastOpenCookie: fc.constant("") }),
  fc.record(
    {
      timestamps: fc.record({ value: number32, echo: number32 }),
      sack: fc.array(fc.tuple(number32, number32), { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: [] },
  ),
);

const ends = fc
  .constantFrom<4 | 6>(4, 6)
  .chain((ipVersion) =>
    fc
      .tuple(addressOf(ipVersion), addressOf(ipVersion))
      .map(([source, destination]) => ({ source, destination })),
  );

function addressOf(ipVersion: 4 | 6): fc.Arbitrary<string> {
  const length = ipVersion === 4 ? 4 : 16;
  // Many zero bytes, so that :: appears at all places.
  const byte = fc.oneof(fc.constant(0), fc.nat({ max: 255 }));
  return fc
    .array(byte, { minLength: length, maxLength: length })
    .map((bytes) => addressText(Uint8Array.from(bytes), 0, ipVersion));
}

/** Any TCP segment of either family. */
const anySegment: fc.Arbitrary<Required<SegmentPlan>> = fc
  .tuple(
    ends,
    fc.record({
      ethernet: fc.record({
        source: fc.uint8Array({ minLength: 6, maxLength: 6 }),
        destination: fc.uint8Array({ minLength: 6, maxLength: 6 }),
      }),
      sourcePort: port,
      destinationPort: port,
      sequence: number32,
      acknowledgement: number32,
      flags: fc.nat({ max: 255 }),
      windowField: port,
      options,
      payload: fc.uint8Array({ maxLength: 64 }),
    }),
  )
  .map(([addresses, rest]) => ({ ...addresses, ...rest }));

test("parsing a built segment returns its plan", () => {
  fc.assert(
    fc.property(anySegment, (plan) => {
      const frame = buildSegment(plan);
      const parsed = parseFrame(frame, frame.length);
      if (parsed.kind !== "tcp") throw new Error(JSON.stringify(parsed));
      const { ethernet: macs, payload, ...fields } = plan;
      expect(parsed).toMatchObject({ ...fields, payloadBytes: payload.length });
      expect(parsed.options).toEqual(plan.options);
      const { payloadOffset, payloadBytes } = parsed;
      expect(frame.slice(payloadOffset, payloadOffset + payloadBytes)).toEqual(payload);
      expect([frame.slice(6, 12), frame.slice(0, 6)]).toEqual([macs.source, macs.destination]);
    }),
  );
});

test("a built segment has correct checksums", () => {
  fc.assert(
    fc.property(anySegment, (plan) => {
      const frame = buildSegment(plan);
      const parsed = parseFrame(frame, frame.length);
      if (parsed.kind !== "tcp") throw new Error(JSON.stringify(parsed));
      const { addressesOffset, ipVersion, tcpOffset } = parsed;
      const sum = pseudoHeaderSum(frame, addressesOffset, ipVersion, frame.length - tcpOffset);
      expect(checksum(frame, tcpOffset, frame.length, sum)).toBe(0);
      if (ipVersion === 4) expect(checksum(frame, 14, 34)).toBe(0);
    }),
  );
});

test("a segment with any changes to its header is parsed without an exception", () => {
  const change = fc.tuple(fc.nat({ max: 120 }), fc.nat({ max: 255 }));
  fc.assert(
    fc.property(anySegment, fc.array(change, { maxLength: 8 }), (plan, changes) => {
      const frame = buildSegment(plan);
      for (const [at, byte] of changes) if (at < frame.length) frame[at] = byte;
      const parsed = parseFrame(frame, frame.length);
      if (parsed.kind !== "tcp") return;
      expect(parsed.payloadBytes).toBeGreaterThanOrEqual(0);
      expect([parsed.source, parsed.destination, parsed.options]).toHaveLength(3);
    }),
    { numRuns: 300 },
  );
});
