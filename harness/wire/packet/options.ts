import type { PacketOptions } from "../../model/segment.ts";
import { read16, read32, write16, write32 } from "./layout.ts";

/** The options of a TCP header, unchanged: like PacketOptions, but with absolute SACK edges. */
export type RawOptions = PacketOptions;

/**
 * Kinds of IANA's registry of TCP options: end, no-operation and MSS of RFC 9293 section 3.2, window scale and timestamps
 * of RFC 7323, SACK of RFC 2018, Fast Open of RFC 7413 section 4.1.1.
 */
const KIND = {
  end: 0,
  noOperation: 1,
  mss: 2,
  windowScale: 3,
  sackPermitted: 4,
  sack: 5,
  timestamps: 8,
  fastOpen: 34,
} as const;

/** RFC 7413 section 4.1.1: a cookie has 4 to 16 bytes; an empty option is a request for a cookie. */
const COOKIE_BYTES = { least: 4, most: 16 };

/**
 * Parses the options between two offsets. Unknown options, and options with a wrong length, are skipped. An option that does
 * not fit into the header ends the parsing, as in the kernel (net/ipv4/tcp_input.c, tcp_parse_options).
 */
export function parseOptions(bytes: Uint8Array, from: number, to: number): RawOptions {
  const options: RawOptions = {};
  let at = from;
  while (at < to) {
    const kind = bytes[at] ?? KIND.end;
    if (kind === KIND.end) break;
    if (kind === KIND.noOperation) {
      at += 1;
      continue;
    }
    const length = at + 1 < to ? (bytes[at + 1] ?? 0) : 0;
    if (length < 2 || at + length > to) break;
    readOption(options, kind, bytes, at + 2, length - 2);
    at += length;
  }
  return options;
}

function readOption(options: RawOptions, kind: number, bytes: Uint8Array, at: number, length: number): void {
  if (kind === KIND.mss && length === 2) options.mssBytes = read16(bytes, at);
  else if (kind === KIND.windowScale && length === 1) options.windowScale = bytes[at] ?? 0;
  else if (kind === KIND.sackPermitted && length === 0) options.sackPermitted = true;
  else if (kind === KIND.timestamps && length === 8) {
    options.timestamps = { value: read32(bytes, at), echo: read32(bytes, at + 4) };
  } else if (kind === KIND.sack && length > 0 && length % 8 === 0) {
    options.sack = [];
    for (let edge = at; edge < at + length; edge += 8) {
      options.sack.push([read32(bytes, edge), read32(bytes, edge + 4)]);
    }
  } else if (kind === KIND.fastOpen && (length === 0 || isCookie(length))) {
    let cookie = "";
    for (let n = at; n < at + length; n += 1) cookie += (bytes[n] ?? 0).toString(16).padStart(2, "0");
    options.fastOpenCookie = cookie;
  }
}

function isCookie(length: number): boolean {
  return length >= COOKIE_BYTES.least && length <= COOKIE_BYTES.most;
}

/**
 * The bytes of options, padded with no-operation options to whole words of 4 bytes. Throws a RangeError when they do not fit into
 * the 40 bytes that a header has for options, or when a cookie is not valid.
 */
export function optionBytes(options: RawOptions): Uint8Array {
  const all = [
    ...(options.mssBytes === undefined ? [] : [mss(options.mssBytes)]),
    ...(options.sackPermitted === undefined ? [] : [Uint8Array.of(KIND.sackPermitted, 2)]),
    ...(options.timestamps === undefined ? [] : [timestamps(options.timestamps)]),
    ...(options.windowScale === undefined ? [] : [Uint8Array.of(KIND.windowScale, 3, options.windowScale)]),
    ...(options.fastOpenCookie === undefined ? [] : [fastOpen(options.fastOpenCookie)]),
    ...(options.sack === undefined || options.sack.length === 0 ? [] : [sack(options.sack)]),
  ];
  const length = all.reduce((sum, one) => sum + one.length, 0);
  if (length > 40)
    throw new RangeError(`these options take ${length} bytes, but a TCP header has room for 40`);
  const bytes = new Uint8Array(Math.ceil(length / 4) * 4).fill(KIND.noOperation);
  let at = 0;
  for (const one of all) {
    bytes.set(one, at);
    at += one.length;
  }
  return bytes;
}

function mss(value: number): Uint8Array {
  const bytes = Uint8Array.of(KIND.mss, 4, 0, 0);
  write16(bytes, 2, value);
  return bytes;
}

function timestamps({ value, echo }: { value: number; echo: number }): Uint8Array {
  const bytes = new Uint8Array(10);
  bytes.set([KIND.timestamps, 10]);
  write32(bytes, 2, value);
  write32(bytes, 6, echo);
  return bytes;
}

function fastOpen(cookie: string): Uint8Array {
  const length = cookie.length / 2;
  if (!/^(?:[0-9a-f]{2})*$/i.test(cookie) || (length > 0 && !isCookie(length))) {
    throw new RangeError(`"${cookie}" is not a Fast Open cookie: 4 to 16 bytes in hexadecimal, or empty`);
  }
  const pairs = cookie.match(/../g) ?? [];
  return Uint8Array.of(KIND.fastOpen, 2 + length, ...pairs.map((pair) => Number.parseInt(pair, 16)));
}

function sack(edges: [number, number][]): Uint8Array {
  const bytes = new Uint8Array(2 + 8 * edges.length);
  bytes.set([KIND.sack, bytes.length]);
  for (const [n, [left, right]] of edges.entries()) {
    write32(bytes, 2 + 8 * n, left);
    write32(bytes, 6 + 8 * n, right);
  }
  return bytes;
}
