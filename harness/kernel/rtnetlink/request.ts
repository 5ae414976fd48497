import { LITTLE_ENDIAN } from "../byte-order.ts";
import { aligned, NLM_F_ACK } from "../netlink/message.ts";

/** Something that is asked of the kernel about its interfaces and addresses. */
export interface RtnetlinkRequest {
  /** The message's type, as include/uapi/linux/rtnetlink.h has it, and what it is for: these stand in errors. */
  call: "RTM_NEWLINK" | "RTM_SETLINK" | "RTM_NEWADDR";
  about: string;
  /** One message. */
  bytes: Uint8Array;
}

/** struct nlmsghdr: the flags are the 16 bits at 6, the sequence the 32 at 8 (include/uapi/linux/netlink.h). */
const FLAGS_AT = 6;
const SEQUENCE_AT = 8;

/**
 * One datagram of many requests, whose sequences are their places in it, from 1. The kernel does them in order, goes on when
 * one fails, and answers every failure; success it answers only where NLM_F_ACK asks for it (netlink_rcv_skb,
 * net/netlink/af_netlink.c). So the last one alone asks, and its answer says that all the others are done.
 */
export function batch(requests: readonly RtnetlinkRequest[]): Uint8Array {
  const length = requests.reduce((sum, { bytes }) => sum + aligned(bytes.length), 0);
  const all = new Uint8Array(length);
  const view = new DataView(all.buffer);
  let at = 0;
  for (const [nth, { bytes }] of requests.entries()) {
    all.set(bytes, at);
    view.setUint32(at + SEQUENCE_AT, nth + 1, LITTLE_ENDIAN);
    if (nth === requests.length - 1) {
      view.setUint16(at + FLAGS_AT, view.getUint16(at + FLAGS_AT, LITTLE_ENDIAN) | NLM_F_ACK, LITTLE_ENDIAN);
    }
    at += aligned(bytes.length);
  }
  return all;
}
