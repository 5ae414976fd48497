import { ETHERTYPE, PROTOCOL, read16 } from "./packet/layout.ts";

/** EtherType of ARP (RFC 826). */
const ARP = 0x0806;
/** ICMPv6 types of neighbour discovery, from router solicitation to redirect (RFC 4861 section 4). */
const FIRST_TYPE = 133;
const LAST_TYPE = 137;

/** Whether a frame is ARP or neighbour discovery, with which hosts find each other. Rules do not apply to such frames. */
export function isNeighbourTalk(bytes: Uint8Array, length: number): boolean {
  const type = read16(bytes, 12);
  if (type === ARP) return true;
  if (type !== ETHERTYPE.ipv6 || length < 55 || bytes[20] !== PROTOCOL.icmpv6) return false;
  const message = bytes[54] ?? 0;
  return message >= FIRST_TYPE && message <= LAST_TYPE;
}
