import type { PacketOptions } from "../model/segment.ts";
import type { PacketSample } from "../model/sample.ts";
import type { HostName } from "../model/names.ts";
import { FLAG, flagNames } from "./packet/flags.ts";
import type { TcpFrame } from "./packet/frame.ts";
import type { RawOptions } from "./packet/options.ts";

/** The host of the link that sent a segment: 0 is the first of `between`, 1 the second. */
export type End = 0 | 1;

/** A segment, without its time and without what the wire did with it. */
export type Segment = Omit<PacketSample, "atUs" | "phase" | "fate" | "rule" | "sentUs">;

/** The most pairs of ports that are kept for one link. Beyond that, the oldest are discarded. */
const MOST_TUPLES = 65_536;
/** The most connections that are kept for one pair of ports. Late segments of an older one are assigned to the nearest of these. */
const MOST_INCARNATIONS = 4;
/** RFC 7323 section 2.3: a larger shift counts as this one. */
const MOST_SHIFT = 14;

/** What is known of a connection from its segments so far. Arrays are by end. */
export interface Connection {
  /** From 1, in the order of their first segments. */
  readonly number: number;
  /** The sequence number of each end's SYN; null until it is known. */
  readonly initial: [number | null, number | null];
  /** The sequence number after each end's latest segment. */
  readonly next: [number | null, number | null];
  /** The window scale in each SYN; null when the SYN had none or was not captured. */
  readonly shift: [number | null, number | null];
  /** The most bytes of data in each end's SYN (RFC 7413). */
  readonly early: [number, number];
  /** Whether the other end has acknowledged this end's SYN in a segment without SYN. Then no other SYN belongs to this connection. */
  readonly answered: [boolean, boolean];
}

interface Tuple {
  /** 8 or 32 bytes: the address of end 0, then that of end 1. */
  addresses: Uint8Array;
  /** From the newest to the oldest. */
  incarnations: Connection[];
}

/**
 * Numbers the connections of one link and makes sequence numbers relative. A SYN whose initial sequence number is new for its pair
 * of ports begins a new connection, and so does the first segment of a pair of ports. If a connection's SYNs were not captured,
 * the first segment of each end has the relative number 1.
 */
export class Tracker {
  readonly #link: number;
  readonly #between: readonly [HostName, HostName];
  /** By the two ports, that of end 0 first. Each list has one entry for each pair of addresses; it is short. */
  readonly #tuples = new Map<number, Tuple[]>();
  #connections = 0;

  /** `link` counts the wire links of a setup from 0. */
  constructor(link: number, between: readonly [HostName, HostName]) {
    this.#link = link;
    this.#between = between;
  }

  /** Returns the segment's connection, and updates it. Call it once for each segment, in the order of arrival. */
  follow(frame: TcpFrame, bytes: Uint8Array, from: End): Connection {
    const tuple = this.#tupleOf(frame, bytes, from);
    const known = whose(frame, from, tuple.incarnations);
    const connection = known ?? this.#begin();
    if (known === null) {
      tuple.incarnations.unshift(connection);
      tuple.incarnations.length = Math.min(tuple.incarnations.length, MOST_INCARNATIONS);
    }
    learn(connection, frame, from);
    return connection;
  }

  /** The segment as it is recorded, with numbers relative to the connection that `follow` returned for it. */
  segment(frame: TcpFrame, from: End, connection: Connection): Segment {
    const to: End = from === 0 ? 1 : 0;
    const { initial } = connection;
    // A reset from an end that never sent a SYN has no initial number (RFC 9293 section 3.10.7.1): its relative number is 0.
    const own = initial[from] ?? frame.sequence;
    return {
      kind: "packet",
      link: this.#link,
      from: this.#between[from],
      to: this.#between[to],
      connection: connection.number,
      fromPort: frame.sourcePort,
      toPort: frame.destinationPort,
      flags: flagNames(frame.flags),
      sequence: distance(own, frame.sequence),
      acknowledgement:
        (frame.flags & FLAG.ACK) === 0 ? null : distance(initial[to] ?? 0, frame.acknowledgement),
      windowBytes: windowBytes(frame, from, connection),
      payloadBytes: frame.payloadBytes,
      options: relativeOptions(frame.options, initial[to] ?? 0),
    };
  }

  #begin(): Connection {
    this.#connections += 1;
    return {
      number: this.#connections,
      initial: [null, null],
      next: [null, null],
      shift: [null, null],
      early: [0, 0],
      answered: [false, false],
    };
  }

  #tupleOf(frame: TcpFrame, bytes: Uint8Array, from: End): Tuple {
    const { sourcePort, destinationPort } = frame;
    const key =
      from === 0 ? sourcePort * 0x1_0000 + destinationPort : destinationPort * 0x1_0000 + sourcePort;
    const known = this.#tuples.get(key);
    const found = known?.find((tuple) => hasAddresses(tuple, frame, bytes, from));
    if (found !== undefined) return found;
    const tuple: Tuple = { addresses: addressesOf(frame, bytes, from), incarnations: [] };
    if (known !== undefined) known.push(tuple);
    else {
      this.#tuples.set(key, [tuple]);
      if (this.#tuples.size > MOST_TUPLES) this.#forgetOldest();
    }
    return tuple;
  }

  #forgetOldest(): void {
    for (const key of this.#tuples.keys()) {
      this.#tuples.delete(key);
      return;
    }
  }
}

function addressesOf(frame: TcpFrame, bytes: Uint8Array, from: End): Uint8Array {
  const size = frame.ipVersion === 4 ? 4 : 16;
  const at = frame.addressesOffset;
  const addresses = new Uint8Array(2 * size);
  addresses.set(bytes.subarray(at, at + size), from === 0 ? 0 : size);
  addresses.set(bytes.subarray(at + size, at + 2 * size), from === 0 ? size : 0);
  return addresses;
}

function hasAddresses({ addresses }: Tuple, frame: TcpFrame, bytes: Uint8Array, from: End): boolean {
  const size = frame.ipVersion === 4 ? 4 : 16;
  if (addresses.length !== 2 * size) return false;
  const at = frame.addressesOffset;
  const turn = from === 0 ? 0 : size;
  for (let n = 0; n < 2 * size; n += 1) {
    if (addresses[(n + turn) % (2 * size)] !== bytes[at + n]) return false;
  }
  return true;
}

/** The connection (incarnation) of a segment; null when the segment begins a new one. */
function whose(frame: TcpFrame, from: End, incarnations: Connection[]): Connection | null {
  const newest = incarnations[0];
  if (newest === undefined) return null;
  if ((frame.flags & FLAG.SYN) !== 0) {
    const same = incarnations.find((one) => one.initial[from] === frame.sequence);
    return same ?? (mayBeSynOf(newest, frame, from) ? newest : null);
  }
  return incarnations.length === 1 ? newest : nearest(frame, from, incarnations);
}

/** Whether a SYN with a new number belongs to this connection: it is the other half of a handshake, or a second attempt at that half. */
function mayBeSynOf(connection: Connection, frame: TcpFrame, from: End): boolean {
  const to: End = from === 0 ? 1 : 0;
  const other = connection.initial[to];
  if (connection.answered[from]) return false;
  if ((frame.flags & FLAG.ACK) !== 0) {
    if (other === null) return true;
    const acknowledged = distance(other, frame.acknowledgement);
    return acknowledged >= 1 && acknowledged <= 1 + connection.early[to];
  }
  // A SYN without ACK is a simultaneous open when the other end's SYN is not answered yet (RFC 9293 section 3.5).
  return connection.initial[from] === null && other !== null && !connection.answered[to];
}

/** The incarnation whose next number is nearest to the segment's number; the newest of several that are equally near. */
function nearest(frame: TcpFrame, from: End, incarnations: Connection[]): Connection | null {
  let best = incarnations[0] ?? null;
  let least = Number.POSITIVE_INFINITY;
  for (const one of incarnations) {
    const next = one.next[from];
    if (next === null) continue;
    const ahead = distance(next, frame.sequence);
    const away = Math.min(ahead, 0x1_0000_0000 - ahead);
    if (away < least) {
      best = one;
      least = away;
    }
  }
  return best;
}

function learn(connection: Connection, frame: TcpFrame, from: End): void {
  const to: End = from === 0 ? 1 : 0;
  const { initial, next, shift, early, answered } = connection;
  const { flags, sequence, acknowledgement } = frame;
  if ((flags & FLAG.SYN) !== 0) {
    initial[from] = sequence;
    shift[from] = frame.options.windowScale ?? null;
    early[from] = Math.max(early[from], frame.payloadBytes);
  } else if ((flags & FLAG.RST) === 0) initial[from] ??= (sequence - 1) >>> 0;
  if ((flags & FLAG.ACK) !== 0) {
    initial[to] ??= (acknowledgement - 1) >>> 0;
    if ((flags & (FLAG.SYN | FLAG.RST)) === 0) answered[to] = true;
  }
  const phantoms = (flags & FLAG.SYN) / FLAG.SYN + (flags & FLAG.FIN);
  if ((flags & FLAG.RST) === 0 || next[from] === null) {
    next[from] = (sequence + frame.payloadBytes + phantoms) >>> 0;
  }
}

/** RFC 7323 section 2.2: the window is scaled when both SYNs had the option, but never in a SYN itself. */
function windowBytes(frame: TcpFrame, from: End, { shift }: Connection): number {
  const [first, second] = shift;
  if ((frame.flags & FLAG.SYN) !== 0 || first === null || second === null) return frame.windowField;
  return frame.windowField * 2 ** Math.min(shift[from] ?? 0, MOST_SHIFT);
}

function relativeOptions(options: RawOptions, initial: number): PacketOptions {
  if (options.sack === undefined) return options;
  const sack = options.sack.map(([left, right]): [number, number] => [
    distance(initial, left),
    distance(initial, right),
  ]);
  return { ...options, sack };
}

/** How far one sequence number is behind another, modulo 2^32. */
function distance(from: number, to: number): number {
  return (to - from) >>> 0;
}
