/*
 * The blocks of a pcapng file (draft-ietf-opsawg-pcapng). A file has one section header, then the interfaces, then the packets. All
 * numbers are little-endian; a reader knows this from the byte-order magic in the section header.
 */

/** Section 4.1: the block type is the same in both byte orders, and the magic shows the byte order. */
const SECTION_HEADER = 0x0a0d_0d0a;
const BYTE_ORDER_MAGIC = 0x1a2b_3c4d;
/** Section 4.1: version 1.0. The length of the section is -1, because it is not known yet. */
const VERSION = { major: 1, minor: 0 };

/** Section 4.2. */
const INTERFACE_DESCRIPTION = 1;
/** LINKTYPE_ETHERNET of the registry of link types. */
const LINKTYPE_ETHERNET = 1;
/** Section 4.3. */
const ENHANCED_PACKET = 6;
/** Section 4.6. */
const INTERFACE_STATISTICS = 5;

/** Option codes: sections 3.5 (all blocks), 4.1, 4.2, 4.3 and 4.6. */
const OPTION = {
  end: 0,
  comment: 1,
  hardware: 2,
  os: 3,
  application: 4,
  interfaceName: 2,
  interfaceDescription: 3,
  timeResolution: 9,
  packetFlags: 2,
  statisticsDropped: 5,
} as const;

/** Section 4.2, if_tsresol: timestamps count in units of 10^-6 s. */
const MICROSECONDS = 6;
/** Section 4.3.1, epb_flags: the two lowest bits are the direction of the packet. */
const INBOUND = 1;

/** Section 3.5: the length of an option has 16 bits. */
const MOST_OPTION_BYTES = 0xffff;

interface Option {
  code: number;
  value: Uint8Array;
}

/** The description of a section. Readers such as Wireshark show it as the file's properties. */
export interface Section {
  /** The program that wrote it. */
  application: string;
  /** The machine's operating system. */
  os: string;
  comment?: string;
}

/** The section header: the first block of a file. */
export function sectionHeader({ application, os, comment }: Section): Uint8Array {
  const fixed = new Uint8Array(16);
  const view = new DataView(fixed.buffer);
  view.setUint32(0, BYTE_ORDER_MAGIC, true);
  view.setUint16(4, VERSION.major, true);
  view.setUint16(6, VERSION.minor, true);
  view.setBigInt64(8, -1n, true);
  return block(SECTION_HEADER, fixed, [
    ...comments(comment),
    text(OPTION.os, os),
    text(OPTION.application, application),
  ]);
}

/** An Ethernet interface. Packets refer to it by its number: interfaces are counted from 0, in the order of the file. */
export interface Interface {
  name: string;
  description?: string;
}

/** The description of an interface. The times of its packets are in microseconds. It must be written before its packets. */
export function interfaceDescription({ name, description }: Interface): Uint8Array {
  // Link type, two reserved bytes, and the snap length 0: no limit.
  const fixed = new Uint8Array(8);
  new DataView(fixed.buffer).setUint16(0, LINKTYPE_ETHERNET, true);
  return block(INTERFACE_DESCRIPTION, fixed, [
    text(OPTION.interfaceName, name),
    ...(description === undefined ? [] : [text(OPTION.interfaceDescription, description)]),
    { code: OPTION.timeResolution, value: Uint8Array.of(MICROSECONDS) },
  ]);
}

/** A frame as it arrived at an interface. */
export interface CapturedFrame {
  /** The number of its interface. */
  interface: number;
  /** Whole microseconds since 1970-01-01 UTC. */
  unixUs: number;
  /** The bytes that were kept. The frame itself can be longer: `frameBytes`. */
  bytes: Uint8Array;
  frameBytes?: number;
  /** What the wire did with the frame. Readers show it as the packet's comment. */
  comment?: string;
}

/** A frame, with the wire's comment. */
export function enhancedPacket(frame: CapturedFrame): Uint8Array {
  const { bytes, unixUs } = frame;
  const fixed = new Uint8Array(20 + padded(bytes.length));
  const view = new DataView(fixed.buffer);
  view.setUint32(0, frame.interface, true);
  writeTime(view, 4, unixUs);
  view.setUint32(12, bytes.length, true);
  view.setUint32(16, frame.frameBytes ?? bytes.length, true);
  fixed.set(bytes, 20);
  return block(ENHANCED_PACKET, fixed, [
    ...comments(frame.comment),
    { code: OPTION.packetFlags, value: Uint8Array.of(INBOUND, 0, 0, 0) },
  ]);
}

/** The number of frames of an interface that are missing in the file. It is written once, at the file's end. */
export function interfaceStatistics(which: number, unixUs: number, dropped: number): Uint8Array {
  const fixed = new Uint8Array(12);
  const view = new DataView(fixed.buffer);
  view.setUint32(0, which, true);
  writeTime(view, 4, unixUs);
  const count = new Uint8Array(8);
  new DataView(count.buffer).setBigUint64(0, BigInt(dropped), true);
  return block(INTERFACE_STATISTICS, fixed, [{ code: OPTION.statisticsDropped, value: count }]);
}

/** Section 4.3: the upper 32 bits of the time, then the lower 32 bits. Microseconds since 1970 are below 2^53 until the year 2255. */
function writeTime(view: DataView, offset: number, unixUs: number): void {
  view.setUint32(offset, Math.floor(unixUs / 0x1_0000_0000), true);
  view.setUint32(offset + 4, unixUs % 0x1_0000_0000, true);
}

/** Section 3.1: type, length, body, options, and the length again, so that a file can also be read backwards. */
function block(type: number, fixed: Uint8Array, options: Option[]): Uint8Array {
  const optionsBytes = options.reduce((sum, { value }) => sum + 4 + padded(value.length), 0);
  const length = 12 + fixed.length + (options.length === 0 ? 0 : optionsBytes + 4);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, length, true);
  bytes.set(fixed, 8);
  let at = 8 + fixed.length;
  for (const { code, value } of options) {
    view.setUint16(at, code, true);
    view.setUint16(at + 2, value.length, true);
    bytes.set(value, at + 4);
    at += 4 + padded(value.length);
  }
  // opt_endofopt (section 3.5) is four zero bytes: the buffer already has them.
  view.setUint32(length - 4, length, true);
  return bytes;
}

/** Blocks and options are padded with zeros to 32 bits (sections 3.1 and 3.5). */
function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}

function comments(comment: string | undefined): Option[] {
  return comment === undefined ? [] : [text(OPTION.comment, comment)];
}

/** UTF-8 without a zero byte at the end (section 3.5), truncated to the longest option. */
function text(code: number, words: string): Option {
  const value = new TextEncoder().encode(words);
  if (value.length <= MOST_OPTION_BYTES) return { code, value };
  return { code, value: value.subarray(0, wholeCharacters(value, MOST_OPTION_BYTES)) };
}

/** The most bytes up to a limit that do not end within a character: bytes 10xxxxxx continue a character (RFC 3629 section 3). */
function wholeCharacters(bytes: Uint8Array, most: number): number {
  let length = most;
  while (length > 0 && ((bytes[length] ?? 0) & 0xc0) === 0x80) length -= 1;
  return length;
}
