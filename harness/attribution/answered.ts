import type { PacketSample } from "../model/sample.ts";
import { arrivedBefore, type Closing, endOf, sentBefore } from "./closings.ts";

/** How long after a segment arrives the kernel's answer can reach the wire. It is sent in the same interrupt, but the wire can be late. */
const ANSWER_WITHIN_US = 1_000_000;

/**
 * The segment that a reset answers; null where the reset is none of that kind. A kernel that has no socket for a segment, or refuses it,
 * answers with that segment's acknowledgement as the sequence number and without ACK; where the segment has no ACK, as a SYN has none, with
 * an ACK of all of it (tcp_v4_send_reset in net/ipv4/tcp_ipv4.c, tcp_v6_send_reset in net/ipv6/tcp_ipv6.c; RFC 9293 section 3.10.7.1). A
 * socket that resets its own connection sends ACK and its own next number (tcp_send_active_reset in net/ipv4/tcp_output.c).
 */
export function answeredBy(closing: Closing): PacketSample | "not recorded" | null {
  const { packet, near } = closing;
  const hasAck = packet.flags.includes("ACK");
  const came = arrivedBefore(closing, near, packet.atUs).filter(
    ({ flags, sentUs }) => !flags.includes("RST") && packet.atUs - (sentUs ?? 0) < ANSWER_WITHIN_US,
  );
  if (!hasAck) return came.findLast((one) => one.acknowledgement === packet.sequence) ?? "not recorded";
  // Whoever has sent something before has a socket, whose own reset can acknowledge no more than the SYN.
  if (sentBefore(closing, near, packet.atUs).some(({ flags }) => !flags.includes("RST"))) return null;
  return (
    came.findLast((one) => one.acknowledgement === null && endOf(one) === packet.acknowledgement) ?? null
  );
}
