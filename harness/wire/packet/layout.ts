/** IEEE 802.3: two addresses of 6 bytes and a type. */
export const ETHERNET_BYTES = 14;

/** EtherTypes of the IEEE's registry. */
export const ETHERTYPE = { ipv4: 0x0800, ipv6: 0x86dd } as const;

/** RFC 791 section 3.1, without options. */
export const IPV4_BYTES = 20;
/** RFC 8200 section 3. */
export const IPV6_BYTES = 40;
/** RFC 9293 section 3.1, without options. */
export const TCP_BYTES = 20;

/** Numbers of IANA's registry of protocols. */
export const PROTOCOL = {
  hopByHop: 0,
  icmp: 1,
  tcp: 6,
  routing: 43,
  fragment: 44,
  authentication: 51,
  icmpv6: 58,
  destinationOptions: 60,
} as const;

/** Two bytes in network order; bytes past the end read as 0. */
export function read16(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
}

/** Four bytes in network order, as an unsigned number. */
export function read32(bytes: Uint8Array, offset: number): number {
  return ((read16(bytes, offset) << 16) | read16(bytes, offset + 2)) >>> 0;
}

/** Writes two bytes in network order. */
export function write16(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 8;
  bytes[offset + 1] = value;
}

/** Writes four bytes in network order. */
export function write32(bytes: Uint8Array, offset: number, value: number): void {
  write16(bytes, offset, value >>> 16);
  write16(bytes, offset + 2, value & 0xffff);
}
