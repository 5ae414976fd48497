import type { PacketSample } from "../model/sample.ts";
import { repeats } from "./packets.ts";

/** A part of an answer that waited for the acknowledgement of the part before it. */
export interface Stall {
  /** From the part before it to the acknowledgement, and from the acknowledgement to this part, in microseconds. */
  acknowledgedUs: number;
  followedUs: number;
}

/** A delayed acknowledgement takes 40 ms or longer (TCP_DELACK_MIN in include/net/tcp.h, HZ / 25). A timer may be early by a tick. */
const DELAYED_US = 30_000;
/** Data that waits for an acknowledgement leaves in the very interrupt that brings it. */
const AT_ONCE_US = 5_000;

/**
 * The stalls of a connection, whose packets are given in the order in which they entered the wire: `from` sends data, nothing follows until a
 * delayed acknowledgement of it has come, and then more data follows at once. That is Nagle's algorithm (RFC 9293, section 3.7.4) against a
 * delayed acknowledgement (section 3.8.6.3). A program that pauses between two writes does not wait for the acknowledgement.
 */
export function nagleStalls(packets: PacketSample[], from: PacketSample["from"]): Stall[] {
  const repeated = repeats(packets);
  const stalls: Stall[] = [];
  let part: PacketSample | null = null;
  let acknowledgement: PacketSample | null = null;
  for (const packet of packets) {
    if (packet.from !== from) {
      if (packet.payloadBytes > 0) part = null;
      else if (part !== null && covers(packet, part)) acknowledgement ??= packet;
      continue;
    }
    if (packet.payloadBytes === 0 || repeated.has(packet)) continue;
    if (part !== null && acknowledgement !== null) {
      const cameUs = acknowledgement.sentUs ?? Infinity;
      const stall = {
        acknowledgedUs: acknowledgement.atUs - (part.sentUs ?? part.atUs),
        followedUs: packet.atUs - cameUs,
      };
      const isStall =
        stall.acknowledgedUs >= DELAYED_US && stall.followedUs >= 0 && stall.followedUs < AT_ONCE_US;
      if (isStall) stalls.push(stall);
    }
    part = packet;
    acknowledgement = null;
  }
  return stalls;
}

/** Whether a segment acknowledges all of another, modulo 2^32. */
function covers({ acknowledgement }: PacketSample, { sequence, payloadBytes }: PacketSample): boolean {
  return acknowledgement !== null && (acknowledgement - sequence - payloadBytes) >>> 0 < 0x8000_0000;
}
