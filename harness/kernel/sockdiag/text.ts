import { AF_INET, AF_INET6 } from "../address.ts";
import { declare } from "../libc.ts";

const inetNtop = declare<(family: number, bytes: Uint8Array, to: Buffer, size: number) => number>(
  "uintptr_t inet_ntop(int af, const void *src, void *dst, uint32_t size)",
);

/** INET6_ADDRSTRLEN, include/linux/inet.h: the longest text with its final zero byte. */
const TEXT = Buffer.alloc(48);

/**
 * The text of an address in struct inet_diag_sockid: 16 bytes in network order; IPv4 uses the first 4. The IPv4 end of a
 * dual-stack socket (`::ffff:192.0.2.1`) becomes `192.0.2.1`, the address on the wire. IPv6 is written as in RFC 5952
 * (inet_ntop(3)). An address of another family is not read: its text is `unknown-` and the family's number.
 */
export function addressText(family: number, bytes: Uint8Array): string {
  if (family === AF_INET) return dotted(bytes, 0);
  if (family !== AF_INET6) return `unknown-${family}`;
  if (isMapped(bytes)) return dotted(bytes, 12);
  inetNtop(AF_INET6, bytes, TEXT, TEXT.length);
  return TEXT.toString("latin1", 0, TEXT.indexOf(0));
}

/** RFC 4291 section 2.5.5.2: 80 zero bits, 16 ones, then the IPv4 address. */
function isMapped(bytes: Uint8Array): boolean {
  return bytes[10] === 0xff && bytes[11] === 0xff && bytes.subarray(0, 10).every((byte) => byte === 0);
}

function dotted(bytes: Uint8Array, at: number): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
}
