import { PROTOCOL } from "./layout.ts";

/**
 * The Internet checksum of the bytes between two offsets (RFC 1071 section 1): the complement of the one's complement sum of their
 * 16-bit words, the last one padded with a zero byte. `sum` is added first, for example that of a pseudo-header. The checksum of bytes
 * that include their correct checksum is 0.
 */
export function checksum(bytes: Uint8Array, from: number, to: number, sum = 0): number {
  let total = sum;
  const even = from + ((to - from) & ~1);
  for (let at = from; at < even; at += 2) total += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  if (even < to) total += (bytes[even] ?? 0) << 8;
  // The sum of at most 2^16 words is far below 2^53, so the carries can be added at the end (section 2, deferred carries).
  while (total > 0xffff) total = (total & 0xffff) + Math.floor(total / 0x1_0000);
  return ~total & 0xffff;
}

/**
 * The sum of a pseudo-header: RFC 9293 section 3.1 for IPv4, RFC 8200 section 8.1 for IPv6. `addressesAt` is the offset of the
 * source address in the IP header; the destination address follows it. `length` is the number of bytes that the checksum covers.
 */
export function pseudoHeaderSum(
  bytes: Uint8Array,
  addressesAt: number,
  ipVersion: 4 | 6,
  length: number,
  protocol: number = PROTOCOL.tcp,
): number {
  const end = addressesAt + (ipVersion === 4 ? 8 : 32);
  let sum = protocol + (length & 0xffff) + (length >>> 16);
  for (let at = addressesAt; at < end; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  return sum;
}
