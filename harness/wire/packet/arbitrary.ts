import * as fc from "fast-check";
import { addressText } from "./address.ts";
import type { SegmentPlan } from "./build.ts";
import type { RawOptions } from "./options.ts";

const number32 = fc.nat({ max: 0xffff_ffff });
const port = fc.nat({ max: 0xffff });

/** Options of which all fit into a header together: those of a SYN, or timestamps and SACK. */
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
  // Many zeros, so that :: is written in all its places.
  const byte = fc.oneof(fc.constant(0), fc.nat({ max: 255 }));
  return fc
    .array(byte, { minLength: length, maxLength: length })
    .map((bytes) => addressText(Uint8Array.from(bytes), 0, ipVersion));
}

/** Any TCP segment of either family. */
export const anySegment: fc.Arbitrary<Required<SegmentPlan>> = fc
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
