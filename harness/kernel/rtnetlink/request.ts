import { LITTLE_ENDIAN } from "../byte-order.ts";
import { aligned, NLM_F_ACK } from "../netlink/message.ts";

/** A request to the kernel to change interfaces or addresses. */
export interface RtnetlinkRequest {
  /** The name of the message's type (include/uapi/linux/rtnetlink.h). `call` and `about` are for error messages. */
  call: "RTM_NEWLINK" | "RTM_SETLINK" | "RTM_NEWADDR";
  about: string;
  /** One message. */
  bytes: Uint8Array;
}

/** struct nlmsghdr: the flags are 16 bits at byte 6, the sequence number is 32 bits at byte 8 (include/uapi/linux/netlink.h). */
const FLAGS_AT = 6;
const SEQUENCE_AT = 8;

/**
 * Puts many requests into one datagram. Their sequence numbers are their places in it, from 1. The kernel carries them out in
 * order, and goes on when one fails. It answers every failure, but a success only when NLM_F_ACK is set (netlink_rcv_skb,
 * net/netlink/af_netlink.c). Only the last request has that flag: its answer shows that all of them are done.
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
