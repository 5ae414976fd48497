import type { Datagram } from "./datagram.ts";
import { NetlinkFormatError } from "./format-error.ts";
import { aligned, ATTRIBUTE_BYTES } from "./message.ts";

/** enum of struct nlattr's type, include/uapi/linux/netlink.h: the two uppermost bits are flags. */
const NLA_TYPE_MASK = 0x3fff;

/**
 * The value of the first attribute of a type between two offsets of a datagram; null when there is none. Throws a NetlinkFormatError when
 * the length of an attribute before it is wrong.
 */
export function attributeValue(
  { halves, bytes }: Pick<Datagram, "halves" | "bytes">,
  begin: number,
  end: number,
  type: number,
): Uint8Array | null {
  let at = begin;
  while (at + ATTRIBUTE_BYTES <= end) {
    const attributeBytes = halves[at >> 1]!;
    if (attributeBytes < ATTRIBUTE_BYTES || at + attributeBytes > end) {
      throw new NetlinkFormatError(`an attribute of ${attributeBytes} bytes where ${end - at} are left`);
    }
    if ((halves[(at >> 1) + 1]! & NLA_TYPE_MASK) === type)
      return bytes.subarray(at + ATTRIBUTE_BYTES, at + attributeBytes);
    at = aligned(at + attributeBytes);
  }
  return null;
}
