import * as z from "zod";
import type { PeerPlan } from "../model/peer.ts";
import { TCP_FLAGS } from "../model/segment.ts";
import type { Agreement } from "./agreement.ts";
import { strict } from "./strict.ts";

const name = z.string().min(1);
const port = z.int().min(1).max(65535);
const flag = z.enum(TCP_FLAGS);
const uint32 = z.int().min(0).max(0xffff_ffff);
/** Sequence numbers are modulo 2^32: a larger distance in either direction is a mistake. */
const relative = z.union([z.literal("next"), z.int().min(-0xffff_ffff).max(0xffff_ffff)], {
  error: 'expected "next" or a whole number of at most 32 bits',
});
/** RFC 7323 section 2.3: the field of 16 bits, shifted by at most 14. */
const windowBytes = z
  .int()
  .min(0)
  .max(0xffff * 2 ** 14);
/** Limited because the peer walks over all its connections for each segment that it receives. */
const MOST_CONNECTIONS = 1000;
/** The room in a frame of a veth pair after an IPv6 header and the longest TCP header: 1500 - 40 - 60. */
const MOST_PAYLOAD = 1400;

const options = strict({
  mssBytes: z.int().min(0).max(0xffff).exactOptional(),
  windowScale: z.int().min(0).max(0xff).exactOptional(),
  sackPermitted: z.literal(true).exactOptional(),
  sack: z
    .array(z.tuple([uint32, uint32]))
    .min(1)
    .exactOptional(),
  timestamps: z
    .strictObject({
      value: uint32,
      echo: z.union([z.literal("latest"), uint32], { error: 'expected "latest" or a number of 32 bits' }),
    })
    .exactOptional(),
  fastOpenCookie: z
    .string()
    .regex(/^(?:(?:[0-9a-f]{2}){4,16})?$/i, "expected 4 to 16 bytes in hexadecimal, or an empty string")
    .exactOptional(),
});

const step = z.union(
  [
    strict({
      send: strict({
        flags: z.array(flag),
        sequence: relative.exactOptional(),
        acknowledgement: relative.exactOptional(),
        windowBytes,
        payloadBytes: z.int().min(0).max(MOST_PAYLOAD).exactOptional(),
        options: options.exactOptional(),
      }),
    }),
    strict({
      await: strict({
        flags: z.array(flag).min(1).exactOptional(),
        without: z.array(flag).min(1).exactOptional(),
        payload: z.enum(["some", "none"]).exactOptional(),
      }),
      withinMs: z.number().positive(),
    }),
    strict({ after: name }),
    strict({ waitMs: z.number().positive() }),
    strict({ answer: strict({ windowBytes }).nullable() }),
  ],
  { error: "expected { send }, { await, withinMs }, { after }, { waitMs } or { answer }" },
);

/** A peer of a wire as JSON. peer-references.ts checks the names in it. */
export const peerSchema = strict({
  host: name,
  connections: z.int().min(1).max(MOST_CONNECTIONS),
  port,
  to: port.exactOptional(),
  family: z.literal([4, 6]).exactOptional(),
  steps: z.array(step).min(1),
});

true satisfies Agreement<z.infer<typeof peerSchema>, PeerPlan>;
