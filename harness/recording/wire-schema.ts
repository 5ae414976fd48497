import * as z from "zod";
import { TCP_FLAGS } from "../model/segment.ts";
import { strict } from "./strict.ts";

const name = z.string().min(1);
const port = z.int().min(1).max(65535);
const tcpFlag = z.enum(TCP_FLAGS);
const ms = z.number().positive();
const delay = z.number().min(0);
const nth = z.int().min(1);
/** Every segment is compared with each rule. */
const MOST_RULES_OF_A_FILE = 100;
/** TCP itself gives up a connection later than this, but no program waits so long for a frame. */
export const MOST_WIRE_DELAY_MS = 60_000;

const wireRule = strict({
  name,
  match: strict({
    from: name.exactOptional(),
    flags: z.array(tcpFlag).min(1).exactOptional(),
    without: z.array(tcpFlag).min(1).exactOptional(),
    payload: z.enum(["some", "none"]).exactOptional(),
    payloadAtLeast: nth.exactOptional(),
    port: port.exactOptional(),
    connection: nth.exactOptional(),
    nth: strict({ from: nth, to: nth.nullable() }).exactOptional(),
    idleForMs: ms.min(1).exactOptional(),
    after: name.exactOptional(),
    until: name.exactOptional(),
  }),
  do: z.union(
    [
      strict({ pass: z.literal(true) }),
      strict({ drop: z.literal(true) }),
      strict({ holdUntil: name }),
      strict({ holdMs: ms }),
      strict({ duplicateAfterMs: delay }),
      strict({ corrupt: z.literal(true) }),
    ],
    { error: "expected { pass }, { drop }, { holdUntil }, { holdMs }, { duplicateAfterMs } or { corrupt }" },
  ),
});

/** What a wire does to the frames: the keys of a WirePlan without its ends, its kind, its peer, and how it is recorded. */
export const wireTreatment = {
  delayMs: z.tuple([delay, delay]),
  bitsPerSecond: z.number().positive().nullable(),
  loss: z.number().min(0).max(1),
  seed: z.int().min(0),
  rules: z.array(wireRule),
};

const boundedDelay = delay.max(MOST_WIRE_DELAY_MS);

/** The same keys in a file of its own: each may be absent, and a single delay is that of both directions. Strict. */
export const wireFileSchema = strict({
  delayMs: z
    .union([boundedDelay, z.tuple([boundedDelay, boundedDelay])], {
      error: `expected milliseconds from 0 to ${MOST_WIRE_DELAY_MS}, or a list of two: from the client, and from the server`,
    })
    .exactOptional(),
  bitsPerSecond: wireTreatment.bitsPerSecond.exactOptional(),
  loss: wireTreatment.loss.exactOptional(),
  seed: wireTreatment.seed.exactOptional(),
  rules: wireTreatment.rules.max(MOST_RULES_OF_A_FILE).exactOptional(),
});
