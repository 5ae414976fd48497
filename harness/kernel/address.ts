import { endianness } from "node:os";
import { declare } from "./libc.ts";

const inetPton = declare<(family: number, text: string, to: Buffer) => number>(
  "int inet_pton(int af, const char *src, void *dst)",
);

/** include/linux/socket.h. */
export const AF_INET = 2;
export const AF_INET6 = 10;

/**
 * A struct sockaddr ready for bind and connect. `sockaddr_in` (16 bytes, include/uapi/linux/in.h): family in the
 * machine's order, port in network order at 2, address at 4. `sockaddr_in6` (28 bytes, include/uapi/linux/in6.h):
 * the same family and port, flow label at 4, address at 8, scope id at 24.
 */
export interface SocketAddress {
  family: typeof AF_INET | typeof AF_INET6;
  bytes: Buffer;
}

/**
 * The sockaddr of a numeric address (`192.0.2.1`, `2001:db8::1`) and a port from 0 to 65535. Throws a RangeError for a port out
 * of range, for a host name (names are not resolved), and for an address with a zone (`fe80::1%eth0`).
 */
export function socketAddress(address: string, port: number): SocketAddress {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new RangeError(`${port} is not a port: it is a whole number from 0 to 65535`);
  }
  const v4 = sockaddr(AF_INET, 16, port);
  if (inetPton(AF_INET, address, v4.subarray(4, 8)) === 1) return { family: AF_INET, bytes: v4 };
  const v6 = sockaddr(AF_INET6, 28, port);
  if (inetPton(AF_INET6, address, v6.subarray(8, 24)) === 1) return { family: AF_INET6, bytes: v6 };
  throw new RangeError(`${address} is not an IPv4 or IPv6 address (host names are not resolved)`);
}

/**
 * The 4 or 16 bytes of a numeric address, in network order. struct sockaddr_in has them at 4, struct sockaddr_in6 at 8
 * (include/uapi/linux/in.h, in6.h). Throws the errors of `socketAddress`.
 */
export function addressBytes(address: string): { family: SocketAddress["family"]; bytes: Buffer } {
  const { family, bytes } = socketAddress(address, 0);
  return { family, bytes: family === AF_INET ? bytes.subarray(4, 8) : bytes.subarray(8, 24) };
}

/** The port in a struct sockaddr_in or sockaddr_in6: both keep it at offset 2, in network order. */
export function portOf(sockaddrBytes: Buffer): number {
  return sockaddrBytes.readUInt16BE(2);
}

function sockaddr(family: number, length: number, port: number): Buffer {
  const bytes = Buffer.alloc(length);
  if (endianness() === "LE") bytes.writeUInt16LE(family, 0);
  else bytes.writeUInt16BE(family, 0);
  bytes.writeUInt16BE(port, 2);
  return bytes;
}
