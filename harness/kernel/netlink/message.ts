import { LITTLE_ENDIAN } from "../byte-order.ts";

/** struct nlmsghdr, include/uapi/linux/netlink.h: len (u32), type (u16), flags (u16), seq (u32), pid (u32). */
export const HEADER_BYTES = 16;
/** struct nlattr, include/uapi/linux/netlink.h: len (u16), type (u16). */
export const ATTRIBUTE_BYTES = 4;

/** Message types of include/uapi/linux/netlink.h. */
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;
export const NLMSG_OVERRUN = 4;

/** Flags of a request, include/uapi/linux/netlink.h. */
export const NLM_F_REQUEST = 0x01;
export const NLM_F_ACK = 0x04;
export const NLM_F_DUMP = 0x300;
/** In a request that creates something, these bits have another meaning: create it, and fail with EEXIST when it exists. */
export const NLM_F_EXCL = 0x200;
export const NLM_F_CREATE = 0x400;
/** Flags of an answer: it does not repeat the request; it has attributes (include/uapi/linux/netlink.h). */
export const NLM_F_CAPPED = 0x100;
export const NLM_F_ACK_TLVS = 0x200;

/** MAX_ERRNO, include/linux/err.h. */
export const MOST_ERRNO = 4095;

/** Messages and attributes begin at multiples of 4 (NLMSG_ALIGN, NLA_ALIGN). Their lengths do not include the padding. */
export function aligned(length: number): number {
  return (length + 3) & ~3;
}

/** Makes a message: its type, its flags, and the parts after the header. Its sequence number is 0 until it is sent. */
export function message(type: number, flags: number, ...parts: Uint8Array[]): Uint8Array {
  const { bytes, length } = joined(HEADER_BYTES, parts);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, length, LITTLE_ENDIAN);
  view.setUint16(4, type, LITTLE_ENDIAN);
  view.setUint16(6, NLM_F_REQUEST | flags, LITTLE_ENDIAN);
  return bytes;
}

/** Makes an attribute, padded to a multiple of 4. An attribute that contains attributes is a nested one. */
export function attribute(type: number, ...parts: Uint8Array[]): Uint8Array {
  const { bytes, length } = joined(ATTRIBUTE_BYTES, parts);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, length, LITTLE_ENDIAN);
  view.setUint16(2, type, LITTLE_ENDIAN);
  return bytes;
}

/** Joins parts after room for a header. Each part but the last is a multiple of 4. `length` does not include the padding at the end. */
function joined(
  headerBytes: number,
  parts: Uint8Array[],
): { bytes: Uint8Array<ArrayBuffer>; length: number } {
  const length = parts.reduce((sum, part) => sum + part.length, headerBytes);
  const bytes = new Uint8Array(aligned(length));
  let at = headerBytes;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { bytes, length };
}
