import { attributeValue } from "../netlink/attribute.ts";
import type { Datagram } from "../netlink/datagram.ts";
import { NetlinkFormatError } from "../netlink/format-error.ts";
import {
  aligned,
  HEADER_BYTES,
  MOST_ERRNO,
  NLM_F_ACK_TLVS,
  NLM_F_CAPPED,
  NLMSG_ERROR,
} from "../netlink/message.ts";

/** struct nlmsgerr, include/uapi/linux/netlink.h: 0 or minus an errno (int), then the request's own header. */
const ERROR_BYTES = 4 + HEADER_BYTES;
/** include/uapi/linux/netlink.h: the kernel's message. */
const NLMSGERR_ATTR_MSG = 1;

/** The result of a request. */
export interface RtnetlinkAnswer {
  /** The request's sequence number. */
  sequence: number;
  /** 0 when the request was carried out. */
  errno: number;
  /** The kernel's message, when it sent one (NETLINK_EXT_ACK). */
  words: string | null;
}

/**
 * The answers in the first `length` bytes of a datagram. Messages of other types are skipped. Throws a NetlinkFormatError when
 * the length of a message or an attribute is wrong.
 */
export function readAnswers({ halves, words, bytes }: Datagram, length: number): RtnetlinkAnswer[] {
  const answers: RtnetlinkAnswer[] = [];
  let at = 0;
  while (at < length) {
    const left = length - at;
    const messageBytes = left < HEADER_BYTES ? 0 : words[at >> 2]!;
    if (messageBytes < HEADER_BYTES || messageBytes > left) {
      throw new NetlinkFormatError(`a message of ${messageBytes} bytes where ${left} are left`);
    }
    const end = at + messageBytes;
    if (halves[(at >> 1) + 2] === NLMSG_ERROR) {
      const body = at + HEADER_BYTES;
      if (body + ERROR_BYTES > end) throw new NetlinkFormatError("an answer without an errno");
      const errno = 0 - (words[body >> 2]! | 0);
      if (errno < 0 || errno > MOST_ERRNO) throw new NetlinkFormatError(`an answer with the errno ${errno}`);
      const flags = halves[(at >> 1) + 3]!;
      const attributes = (flags & NLM_F_ACK_TLVS) === 0 ? end : attributesAt(words, body, flags, errno);
      const said = textOf({ halves, bytes }, attributes, end);
      answers.push({ sequence: words[(at >> 2) + 2]!, errno, words: said });
    }
    at = aligned(end);
  }
  return answers;
}

/** Where an answer's attributes begin. A failure repeats the whole request before them, unless NETLINK_CAP_ACK is set. */
function attributesAt(words: Uint32Array, body: number, flags: number, errno: number): number {
  const begins = body + ERROR_BYTES;
  if (errno === 0 || (flags & NLM_F_CAPPED) !== 0) return begins;
  const requestBytes = words[(body >> 2) + 1]!;
  if (requestBytes < HEADER_BYTES) throw new NetlinkFormatError(`a request of ${requestBytes} bytes`);
  return begins + Math.ceil((requestBytes - HEADER_BYTES) / 4) * 4;
}

function textOf(
  { halves, bytes }: Pick<Datagram, "halves" | "bytes">,
  begin: number,
  end: number,
): string | null {
  if (begin > end) throw new NetlinkFormatError("an answer that is shorter than the request in it");
  const said = attributeValue({ halves, bytes }, begin, end, NLMSGERR_ATTR_MSG);
  return said === null ? null : Buffer.from(said).toString("latin1").replace(/\0.*$/s, "");
}
