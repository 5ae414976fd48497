import { PROTOCOL } from "./layout.ts";

/**
 * The Internet checksum of the bytes from one offset up to another (RFC 1071 section 1): the complement of the sum in one's
 * complement of their 16-bit words, the last filled up with a zero. `sum` is what is added beforehand, as a pseudo-header.
 * Over bytes that carry their right checksum it is 0.
 */
export function checksum(bytes: Uint8Array, from: number, to: number, sum = 0): number {
  let total = sum;
  const even = from + ((to - from) & ~1);
  for (let at = from; at < even; at += 2) total += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  if (even < to) total += (bytes[even] ?? 0) << 8;
  // Of at most 2^16 words the sum stays far below 2^53; the carries come around at the end (section 2, deferred carries).
  while (total > 0xffff) total = (total & 0xffff) + Math.floor(total / 0x1_0000);
  return ~total & 0xffff;
}

/**
 * What a pseudo-header adds to the sum: RFC 9293 section 3.1 for IPv4, RFC 8200 section 8.1 for IPv6. `addressesAt` is where
 * the source address begins in the IP header; the destination follows it there. `length` is of what the checksum covers.
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
