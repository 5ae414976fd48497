import { addressBytes } from "./address.ts";
import { checksum, pseudoHeaderSum } from "./checksum.ts";
import {
  ETHERNET_BYTES,
  ETHERTYPE,
  IPV4_BYTES,
  IPV6_BYTES,
  PROTOCOL,
  TCP_BYTES,
  read16,
  write16,
  write32,
} from "./layout.ts";
import { optionBytes, type RawOptions } from "./options.ts";

/** The default of Linux (include/uapi/linux/ip.h, IPDEFTTL). */
const HOP_LIMIT = 64;
/** RFC 791 section 3.1. */
const DO_NOT_FRAGMENT = 0x4000;
/** The longest ICMP error, in bytes: RFC 1812 section 4.3.2.3 for IPv4; the minimum MTU, RFC 4443 section 2.4 (c), for IPv6. */
const MOST_ERROR_BYTES = { 4: 576, 6: 1280 } as const;
/** Type, code, checksum and four unused bytes (RFC 792, RFC 4443 section 3.1). */
const ICMP_BYTES = 8;

/** A TCP segment to be sent. The IP addresses are numeric and of the same family. The Ethernet addresses have 6 bytes. */
export interface SegmentPlan {
  ethernet: { source: Uint8Array; destination: Uint8Array };
  source: string;
  destination: string;
  sourcePort: number;
  destinationPort: number;
  sequence: number;
  acknowledgement: number;
  /** The bits of `FLAG`. */
  flags: number;
  windowField: number;
  options?: RawOptions;
  payload?: Uint8Array;
}

/**
 * Builds an Ethernet frame with that segment and correct checksums (RFC 9293 section 3.1). The frame is not padded to Ethernet's
 * minimum length, because a veth pair does not require it. Throws a RangeError for an invalid address, for addresses of different
 * families, and for options or a payload that do not fit.
 */
export function buildSegment(plan: SegmentPlan): Uint8Array {
  const options = optionBytes(plan.options ?? {});
  const payload = plan.payload ?? new Uint8Array(0);
  const tcpBytes = TCP_BYTES + options.length + payload.length;
  const { source, destination } = plan;
  const { frame, ipVersion, at, addressesAt } = packet(
    plan.ethernet,
    { source: addressBytes(source), destination: addressBytes(destination) },
    PROTOCOL.tcp,
    tcpBytes,
  );
  write16(frame, at, plan.sourcePort);
  write16(frame, at + 2, plan.destinationPort);
  write32(frame, at + 4, plan.sequence);
  write32(frame, at + 8, plan.acknowledgement);
  frame[at + 12] = ((TCP_BYTES + options.length) / 4) << 4;
  frame[at + 13] = plan.flags;
  write16(frame, at + 14, plan.windowField);
  frame.set(options, at + TCP_BYTES);
  frame.set(payload, at + TCP_BYTES + options.length);
  const sum = pseudoHeaderSum(frame, addressesAt, ipVersion, tcpBytes);
  write16(frame, at + 16, checksum(frame, at, frame.length, sum));
  return frame;
}

/** Codes of destination unreachable: RFC 792 for IPv4 (type 3), RFC 4443 section 3.1 for IPv6 (type 1). */
const UNREACHABLE = {
  host: { 4: 1, 6: 3 },
  port: { 4: 3, 6: 4 },
  prohibited: { 4: 13, 6: 1 },
} as const;

/**
 * Builds the ICMP error "destination unreachable" for a frame: a whole frame back to the sender, which quotes as much of the frame's
 * packet as is allowed (RFC 792, RFC 4443 section 3.1). `from` is the address of the sender of the error. `frame` must be an Ethernet
 * frame of `length` bytes with a complete IP header. Throws a RangeError when it is not, or when `from` is of the other family.
 */
export function buildUnreachable(
  frame: Uint8Array,
  length: number,
  from: string,
  what: keyof typeof UNREACHABLE,
): Uint8Array {
  const ipVersion = ipVersionOf(frame, length);
  const ip = ETHERNET_BYTES;
  const whole = ipVersion === 4 ? read16(frame, ip + 2) : IPV6_BYTES + read16(frame, ip + 4);
  const room = MOST_ERROR_BYTES[ipVersion] - (ipVersion === 4 ? IPV4_BYTES : IPV6_BYTES) - ICMP_BYTES;
  const quoted = frame.subarray(ip, ip + Math.min(whole, length - ip, room));
  const target = ipVersion === 4 ? frame.subarray(ip + 12, ip + 16) : frame.subarray(ip + 8, ip + 24);
  const protocol = ipVersion === 4 ? PROTOCOL.icmp : PROTOCOL.icmpv6;
  const icmpBytes = ICMP_BYTES + quoted.length;
  const built = packet(
    { source: frame.subarray(0, 6), destination: frame.subarray(6, 12) },
    { source: addressBytes(from), destination: target },
    protocol,
    icmpBytes,
  );
  const { at } = built;
  built.frame[at] = ipVersion === 4 ? 3 : 1;
  built.frame[at + 1] = UNREACHABLE[what][ipVersion];
  built.frame.set(quoted, at + ICMP_BYTES);
  // ICMP for IPv4 has no pseudo-header; ICMPv6 has (RFC 4443 section 2.3).
  const sum =
    ipVersion === 4 ? 0 : pseudoHeaderSum(built.frame, built.addressesAt, 6, icmpBytes, PROTOCOL.icmpv6);
  write16(built.frame, at + 2, checksum(built.frame, at, built.frame.length, sum));
  return built.frame;
}

function ipVersionOf(frame: Uint8Array, length: number): 4 | 6 {
  const type = read16(frame, 12);
  if (type === ETHERTYPE.ipv4 && length >= ETHERNET_BYTES + IPV4_BYTES) return 4;
  if (type === ETHERTYPE.ipv6 && length >= ETHERNET_BYTES + IPV6_BYTES) return 6;
  throw new RangeError("the frame has no complete IP header, so there is nothing to quote");
}

interface Built {
  frame: Uint8Array;
  ipVersion: 4 | 6;
  /** Where the IP header's payload begins. */
  at: number;
  addressesAt: number;
}

/** A frame with Ethernet and IP headers, and room for the payload: zero bytes. */
function packet(
  ethernet: SegmentPlan["ethernet"],
  ip: { source: Uint8Array; destination: Uint8Array },
  protocol: number,
  payloadBytes: number,
): Built {
  if (ip.source.length !== ip.destination.length) {
    throw new RangeError("the source and the destination are addresses of different families");
  }
  const ipVersion = ip.source.length === 4 ? 4 : 6;
  const headerBytes = ipVersion === 4 ? IPV4_BYTES : IPV6_BYTES;
  const most = ipVersion === 4 ? 0xffff - IPV4_BYTES : 0xffff;
  if (payloadBytes > most)
    throw new RangeError(`an IP packet has room for ${most} bytes, not ${payloadBytes}`);
  const at = ETHERNET_BYTES + headerBytes;
  const frame = new Uint8Array(at + payloadBytes);
  frame.set(ethernet.destination, 0);
  frame.set(ethernet.source, 6);
  const addressesAt = ETHERNET_BYTES + (ipVersion === 4 ? 12 : 8);
  frame.set(ip.source, addressesAt);
  frame.set(ip.destination, addressesAt + ip.source.length);
  if (ipVersion === 4) writeIpv4(frame, protocol, payloadBytes);
  else writeIpv6(frame, protocol, payloadBytes);
  return { frame, ipVersion, at, addressesAt };
}

function writeIpv4(frame: Uint8Array, protocol: number, payloadBytes: number): void {
  const ip = ETHERNET_BYTES;
  write16(frame, 12, ETHERTYPE.ipv4);
  frame[ip] = 0x45;
  write16(frame, ip + 2, IPV4_BYTES + payloadBytes);
  write16(frame, ip + 6, DO_NOT_FRAGMENT);
  frame[ip + 8] = HOP_LIMIT;
  frame[ip + 9] = protocol;
  write16(frame, ip + 10, checksum(frame, ip, ip + IPV4_BYTES));
}

function writeIpv6(frame: Uint8Array, protocol: number, payloadBytes: number): void {
  const ip = ETHERNET_BYTES;
  write16(frame, 12, ETHERTYPE.ipv6);
  frame[ip] = 0x60;
  write16(frame, ip + 4, payloadBytes);
  frame[ip + 6] = protocol;
  frame[ip + 7] = HOP_LIMIT;
}
