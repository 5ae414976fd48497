import type { LoadFigures } from "./result.ts";
import { ms } from "./wording.ts";

/** A delayed acknowledgement waits for 40 ms at least (TCP_DELACK_MIN, include/net/tcp.h), and its timer can be some milliseconds late. */
const WAIT_MS = { least: 38, most: 48 };
/** A request, the first part of the answer, the acknowledgement, the rest, and some to spare: an answer that is long has more. */
const FEW_SEGMENTS = 8;

/**
 * A remark on answers whose rest comes 40 ms after their first byte, in few segments: that is what Nagle's algorithm at the server and a
 * delayed acknowledgement at the client look like. null for other answers.
 */
export function delayedAck({ latencyMs, segmentsPerRequest }: LoadFigures): string | null {
  const { firstByte, total } = latencyMs;
  if (firstByte === null || total === null || segmentsPerRequest === null) return null;
  const waitMs = total.p50 - firstByte.p50;
  if (waitMs < WAIT_MS.least || waitMs > WAIT_MS.most || segmentsPerRequest > FEW_SEGMENTS) return null;
  return (
    `The rest of an answer came ${ms(waitMs)} after its first byte, at the median, with ${segmentsPerRequest.toFixed(1)} segments a request. ` +
    "That is how Nagle's algorithm and a delayed acknowledgement look, if a server sends an answer in two small writes. Set TCP_NODELAY " +
    "there, or write once (lastack run nagle-delayed-ack)."
  );
}
