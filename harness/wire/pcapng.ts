/*
 * The blocks of a pcapng file (draft-ietf-opsawg-pcapng). A file is one section header, the interfaces, and the packets, one
 * after the other; all are in little-endian order, which the section header says by its magic.
 */

/** Section 4.1: the block type is the same backwards, and the magic tells the order of the bytes. */
const SECTION_HEADER = 0x0a0d_0d0a;
const BYTE_ORDER_MAGIC = 0x1a2b_3c4d;
/** Section 4.1: version 1.0; the length of a section that is not known beforehand is -1. */
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

/** Section 4.2, if_tsresol: the negative power of ten of a second that timestamps count in. */
const MICROSECONDS = 6;
/** Section 4.3.1, epb_flags: the two lowest bits are the direction. */
const INBOUND = 1;

/** Section 3.5: an option's length is a number of 16 bits. */
const MOST_OPTION_BYTES = 0xffff;

interface Option {
  code: number;
  value: Uint8Array;
}

/** What a section is about; all of it is shown by the readers' file properties. */
export interface Section {
  /** The program that wrote it. */
  application: string;
  /** The machine's system. */
  os: string;
  comment?: string;
}

/** The section header, which a file begins with. */
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

/** An Ethernet interface, known to the packets by its number, which counts them in the file from 0. */
export interface Interface {
  name: string;
  description?: string;
}

/** The description of an interface, whose packets' times are in microseconds. It stands before its packets. */
export function interfaceDescription({ name, description }: Interface): Uint8Array {
  // Link type, two bytes reserved, and a snap length of 0: no limit.
  const fixed = new Uint8Array(8);
  new DataView(fixed.buffer).setUint16(0, LINKTYPE_ETHERNET, true);
  return block(INTERFACE_DESCRIPTION, fixed, [
    text(OPTION.interfaceName, name),
    ...(description === undefined ? [] : [text(OPTION.interfaceDescription, description)]),
    { code: OPTION.timeResolution, value: Uint8Array.of(MICROSECONDS) },
  ]);
}

/** A frame as it came in at an interface. */
export interface CapturedFrame {
  /** The number of its interface. */
  interface: number;
  /** Whole microseconds since 1970-01-01 UTC. */
  unixUs: number;
  /** The bytes that were kept; the frame may have been longer. */
  bytes: Uint8Array;
  frameBytes?: number;
  /** What the wire did with it; readers show it as the packet's comment. */
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

/** How many frames of an interface are missing from the file, written once at its end. */
export function interfaceStatistics(which: number, unixUs: number, dropped: number): Uint8Array {
  const fixed = new Uint8Array(12);
  const view = new DataView(fixed.buffer);
  view.setUint32(0, which, true);
  writeTime(view, 4, unixUs);
  const count = new Uint8Array(8);
  new DataView(count.buffer).setBigUint64(0, BigInt(dropped), true);
  return block(INTERFACE_STATISTICS, fixed, [{ code: OPTION.statisticsDropped, value: count }]);
}

/** Section 4.3: the upper 32 bits of the time, then the lower. Microseconds of this millennium are whole below 2^53. */
function writeTime(view: DataView, offset: number, unixUs: number): void {
  view.setUint32(offset, Math.floor(unixUs / 0x1_0000_0000), true);
  view.setUint32(offset + 4, unixUs % 0x1_0000_0000, true);
}

/** Section 3.1: type, length, body, options, and the length again, so that a file can be read backwards. */
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
  // opt_endofopt (section 3.5) is four bytes of zero, which are there.
  view.setUint32(length - 4, length, true);
  return bytes;
}

/** Blocks and options are filled up to 32 bits with zeros (sections 3.1 and 3.5). */
function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}

function comments(comment: string | undefined): Option[] {
  return comment === undefined ? [] : [text(OPTION.comment, comment)];
}

/** UTF-8 without a zero at the end (section 3.5), cut to what an option holds. */
function text(code: number, words: string): Option {
  const value = new TextEncoder().encode(words);
  if (value.length <= MOST_OPTION_BYTES) return { code, value };
  return { code, value: value.subarray(0, wholeCharacters(value, MOST_OPTION_BYTES)) };
}

/** The most bytes up to a limit that end no character in its middle: bytes 10xxxxxx continue one (RFC 3629 section 3). */
function wholeCharacters(bytes: Uint8Array, most: number): number {
  let length = most;
  while (length > 0 && ((bytes[length] ?? 0) & 0xc0) === 0x80) length -= 1;
  return length;
}
