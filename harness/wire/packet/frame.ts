import { addressText } from "./address.ts";
import {
  ETHERNET_BYTES,
  ETHERTYPE,
  IPV4_BYTES,
  IPV6_BYTES,
  PROTOCOL,
  TCP_BYTES,
  read16,
  read32,
} from "./layout.ts";
import { parseOptions, type RawOptions } from "./options.ts";

/**
 * The kind of a frame: a TCP segment, another valid frame (ARP, neighbour discovery, UDP, a tagged frame, a fragment), or a malformed
 * frame: too short, or in conflict with its IP header.
 */
export type Frame = TcpFrame | OtherFrame | MalformedFrame;

export interface OtherFrame {
  readonly kind: "other";
}

export interface MalformedFrame {
  readonly kind: "malformed";
  /** One of the fixed sentences below. */
  readonly because: string;
}

/** No kernel sends a packet with more extension headers than this: RFC 8200 section 4.1 has seven, each used once or twice. */
const MOST_EXTENSIONS = 8;

/** IPv4's more-fragments bit and fragment offset (RFC 791 section 3.1). */
const FRAGMENT_BITS = 0x3fff;
/** The same bits of IPv6's fragment header (RFC 8200 section 4.5). */
const FRAGMENT_BITS_V6 = 0xfff9;

const OTHER: OtherFrame = Object.freeze({ kind: "other" });
const malformed = (because: string): MalformedFrame => Object.freeze({ kind: "malformed", because });
const SHORT_ETHERNET = malformed("it is shorter than an Ethernet header");
const SHORT_IP = malformed("it ends within its IP header");
const WRONG_VERSION = malformed("its EtherType and its IP version differ");
const SHORT_PACKET = malformed("it is shorter than its IP header says");
const SMALL_LENGTH = malformed("its IP length is less than its headers");
const LONG_CHAIN = malformed(`it has more than ${MOST_EXTENSIONS} extension headers`);
const SHORT_TCP = malformed("it ends within its TCP header");
const SMALL_OFFSET = malformed("its TCP data offset is less than a header");

/**
 * A TCP segment in a frame. The numbers are parsed in the constructor. Addresses and options are parsed from the same bytes when they
 * are first read, so read them before the buffer is used again.
 */
export class TcpFrame {
  readonly kind = "tcp";
  readonly ipVersion: 4 | 6;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  /** Byte 13 of the header: the bits of `FLAG`. */
  readonly flags: number;
  /** The value in the header, not scaled. */
  readonly windowField: number;
  /** The offset of the source address; the destination address follows it. */
  readonly addressesOffset: number;
  readonly tcpOffset: number;
  readonly payloadOffset: number;
  readonly payloadBytes: number;
  readonly #bytes: Uint8Array;
  #options: RawOptions | undefined;

  /** `end` is the end of the IP packet; the frame can have padding after it. The caller has checked that the header fits. */
  constructor(bytes: Uint8Array, ipVersion: 4 | 6, ipOffset: number, tcpOffset: number, end: number) {
    this.#bytes = bytes;
    this.ipVersion = ipVersion;
    this.addressesOffset = ipOffset + (ipVersion === 4 ? 12 : 8);
    this.tcpOffset = tcpOffset;
    this.sourcePort = read16(bytes, tcpOffset);
    this.destinationPort = read16(bytes, tcpOffset + 2);
    this.sequence = read32(bytes, tcpOffset + 4);
    this.acknowledgement = read32(bytes, tcpOffset + 8);
    this.flags = bytes[tcpOffset + 13] ?? 0;
    this.windowField = read16(bytes, tcpOffset + 14);
    this.payloadOffset = tcpOffset + dataOffset(bytes, tcpOffset);
    this.payloadBytes = end - this.payloadOffset;
  }

  get source(): string {
    return addressText(this.#bytes, this.addressesOffset, this.ipVersion);
  }

  get destination(): string {
    const addressSize = this.ipVersion === 4 ? 4 : 16;
    return addressText(this.#bytes, this.addressesOffset + addressSize, this.ipVersion);
  }

  get options(): RawOptions {
    this.#options ??= parseOptions(this.#bytes, this.tcpOffset + TCP_BYTES, this.payloadOffset);
    return this.#options;
  }
}

/**
 * Parses the first `length` bytes of a buffer as an Ethernet frame. It never throws, whatever the bytes are, and reads only the
 * headers. It makes a new object only for a TCP segment.
 */
export function parseFrame(frame: Uint8Array, length: number): Frame {
  const end = Math.min(length, frame.length);
  if (!(end >= ETHERNET_BYTES)) return SHORT_ETHERNET;
  const type = read16(frame, 12);
  if (type === ETHERTYPE.ipv4) return parseIpv4(frame, end);
  if (type === ETHERTYPE.ipv6) return parseIpv6(frame, end);
  return OTHER;
}

/** RFC 791 section 3.1. */
function parseIpv4(frame: Uint8Array, end: number): Frame {
  const ip = ETHERNET_BYTES;
  if (end < ip + IPV4_BYTES) return SHORT_IP;
  const first = frame[ip] ?? 0;
  if (first >> 4 !== 4) return WRONG_VERSION;
  const headerBytes = (first & 0x0f) * 4;
  const totalBytes = read16(frame, ip + 2);
  if (headerBytes < IPV4_BYTES || totalBytes < headerBytes) return SMALL_LENGTH;
  if (end < ip + totalBytes) return SHORT_PACKET;
  if (frame[ip + 9] !== PROTOCOL.tcp || (read16(frame, ip + 6) & FRAGMENT_BITS) !== 0) return OTHER;
  return parseTcp(frame, 4, ip + headerBytes, ip + totalBytes);
}

/** RFC 8200 sections 3 and 4. */
function parseIpv6(frame: Uint8Array, end: number): Frame {
  const ip = ETHERNET_BYTES;
  if (end < ip + IPV6_BYTES) return SHORT_IP;
  if ((frame[ip] ?? 0) >> 4 !== 6) return WRONG_VERSION;
  const packetEnd = ip + IPV6_BYTES + read16(frame, ip + 4);
  if (end < packetEnd) return SHORT_PACKET;
  let next = frame[ip + 6] ?? 0;
  let at = ip + IPV6_BYTES;
  for (let walked = 0; walked <= MOST_EXTENSIONS; walked += 1) {
    if (next === PROTOCOL.tcp) return parseTcp(frame, 6, at, packetEnd);
    if (!isExtension(next)) return OTHER;
    if (packetEnd < at + 8) return SMALL_LENGTH;
    // An atomic fragment is a whole packet (RFC 6946); any other fragment is a part of one.
    if (next === PROTOCOL.fragment && (read16(frame, at + 2) & FRAGMENT_BITS_V6) !== 0) return OTHER;
    const bytes = extensionBytes(next, frame[at + 1] ?? 0);
    next = frame[at] ?? 0;
    at += bytes;
  }
  return LONG_CHAIN;
}

function isExtension(header: number): boolean {
  return (
    header === PROTOCOL.hopByHop ||
    header === PROTOCOL.routing ||
    header === PROTOCOL.fragment ||
    header === PROTOCOL.authentication ||
    header === PROTOCOL.destinationOptions
  );
}

/**
 * The length of an extension header. The field counts words of 8 bytes after the first (RFC 8200), or for authentication words of 4 bytes
 * minus two (RFC 4302 section 2.2). A fragment header has a fixed length.
 */
function extensionBytes(header: number, field: number): number {
  if (header === PROTOCOL.fragment) return 8;
  return header === PROTOCOL.authentication ? (field + 2) * 4 : (field + 1) * 8;
}

/** RFC 9293 section 3.1. */
function parseTcp(frame: Uint8Array, ipVersion: 4 | 6, tcp: number, end: number): Frame {
  if (end < tcp + TCP_BYTES) return SHORT_TCP;
  const headerBytes = dataOffset(frame, tcp);
  if (headerBytes < TCP_BYTES) return SMALL_OFFSET;
  if (end < tcp + headerBytes) return SHORT_TCP;
  return new TcpFrame(frame, ipVersion, ETHERNET_BYTES, tcp, end);
}

function dataOffset(bytes: Uint8Array, tcp: number): number {
  return ((bytes[tcp + 12] ?? 0) >> 4) * 4;
}
