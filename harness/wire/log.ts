import type { WireFate } from "../model/sample.ts";
import type { Side } from "./side.ts";

/** The arrival of a segment at the wire. Times are microseconds on CLOCK_MONOTONIC. */
export interface Arrival {
  atUs: number;
  side: Side;
  /** The index of the rule that acted; -1 when none did. */
  rule: number;
  /** The frame's length, and its first bytes; the WireOrder's `keepBytes` limits how many are kept. */
  length: number;
  bytes: Uint8Array;
}

/** The fate of a segment, and when it left the wire; null when it never left. */
export interface Departure {
  fate: WireFate;
  sentUs: number | null;
}

/** `departure` is null for a segment that is still on its way: a later entry with the same id has it. */
export type LogEntry =
  | { kind: "arrival"; id: number; arrival: Arrival; departure: Departure | null }
  | { kind: "departure"; id: number; departure: Departure };

const FATES: readonly WireFate[] = ["passed", "dropped", "held", "duplicated", "corrupted", "lost", "cut"];

/** The head of every entry: id, time of sending (float64), kind of entry, fate. */
const DEPARTURE_BYTES = 16;
/** An arrival has more: time of arrival (float64), rule, frame's length, kept length, side; then the bytes. */
const ARRIVAL_BYTES = 32;
const IS_DEPARTURE = 0;
const IS_ARRIVAL = 1;
const IS_BOTH = 2;

/**
 * The entries that wait to be sent to the trial, as bytes in a buffer of fixed size. Thus an entry needs no JavaScript object, and a slow
 * reader needs no more memory. Segments that do not fit into the buffer are only counted.
 */
export class SegmentLog {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #keep: number;
  readonly #most: number;
  #ids = 0;
  /** The waiting bytes are between these two offsets. */
  #start = 0;
  #end = 0;

  /** Segments whose arrival or departure is not in the log: the buffer was full, or there were more than `most`. */
  untold = 0;
  /** When the oldest waiting entry was written; Infinity when none waits. */
  sinceUs = Number.POSITIVE_INFINITY;

  /** `keepBytes`: how many bytes of each frame are kept. `most`: how many segments are logged in total. */
  constructor({ bytes, keepBytes, most }: { bytes: number; keepBytes: number; most: number }) {
    this.#bytes = new Uint8Array(bytes);
    this.#view = new DataView(this.#bytes.buffer);
    this.#keep = keepBytes;
    this.#most = most;
  }

  /** All waiting bytes, for a `LogReader`. They are valid until the next call of a method. */
  get waiting(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  /** Removes the first waiting bytes after they were sent. They need not be whole entries. */
  forget(bytes: number): void {
    this.#start += bytes;
    if (this.#start < this.#end) return;
    this.#start = 0;
    this.#end = 0;
    this.sinceUs = Number.POSITIVE_INFINITY;
  }

  /** Logs a segment's arrival, with its departure if that is already known. Returns its id, from 1; 0 when the segment is not logged. */
  arrive(arrival: Arrival, departure: Departure | null): number {
    const kept = Math.min(arrival.length, this.#keep);
    if (this.#ids === this.#most || !this.#hasRoom(ARRIVAL_BYTES + kept)) {
      this.untold += 1;
      return 0;
    }
    const at = this.#end;
    this.#ids += 1;
    this.#head(this.#ids, departure === null ? IS_ARRIVAL : IS_BOTH, departure);
    const view = this.#view;
    view.setFloat64(at + 16, arrival.atUs);
    view.setInt16(at + 24, arrival.rule);
    view.setUint16(at + 26, arrival.length);
    view.setUint16(at + 28, kept);
    view.setUint8(at + 30, arrival.side);
    const { bytes } = arrival;
    const to = at + ARRIVAL_BYTES;
    for (let n = 0; n < kept; n += 1) this.#bytes[to + n] = bytes[n]!;
    this.#end = to + kept;
    if (this.sinceUs === Number.POSITIVE_INFINITY) this.sinceUs = arrival.atUs;
    return this.#ids;
  }

  /** Logs the departure of a segment whose arrival was logged. */
  depart(id: number, departure: Departure, nowUs: number): void {
    if (!this.#hasRoom(DEPARTURE_BYTES)) {
      this.untold += 1;
      return;
    }
    this.#head(id, IS_DEPARTURE, departure);
    this.#end += DEPARTURE_BYTES;
    if (this.sinceUs === Number.POSITIVE_INFINITY) this.sinceUs = nowUs;
  }

  /** Whether the buffer has room for this many more bytes. If needed, it moves the waiting bytes to the front. */
  #hasRoom(bytes: number): boolean {
    if (this.#end + bytes <= this.#bytes.length) return true;
    if (this.#end - this.#start + bytes > this.#bytes.length) return false;
    this.#bytes.copyWithin(0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
    return true;
  }

  #head(id: number, what: number, departure: Departure | null): void {
    const view = this.#view;
    const at = this.#end;
    view.setUint32(at, id);
    view.setUint8(at + 4, what);
    view.setUint8(at + 5, departure === null ? 0 : FATES.indexOf(departure.fate));
    view.setFloat64(at + 8, departure?.sentUs ?? Number.NaN);
  }
}

/** Reads the entries of a log from pieces of any size. Arrivals are in the order in which the segments arrived. */
export class LogReader {
  #rest: Uint8Array = new Uint8Array(0);

  /** The entries that this piece completes. Their bytes are part of the piece and are not copied. */
  read(piece: Uint8Array): LogEntry[] {
    const bytes = this.#rest.length === 0 ? piece : joined(this.#rest, piece);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const entries: LogEntry[] = [];
    let at = 0;
    for (;;) {
      const length = entryBytes(view, at);
      if (length === null || at + length > bytes.length) break;
      entries.push(readEntry(bytes, view, at));
      at += length;
    }
    this.#rest = bytes.slice(at);
    return entries;
  }
}

/** The length of the entry at an offset; null when too few of its bytes are there to know it. */
function entryBytes(view: DataView, at: number): number | null {
  if (at + DEPARTURE_BYTES > view.byteLength) return null;
  if (view.getUint8(at + 4) === IS_DEPARTURE) return DEPARTURE_BYTES;
  return at + ARRIVAL_BYTES > view.byteLength ? null : ARRIVAL_BYTES + view.getUint16(at + 28);
}

function readEntry(bytes: Uint8Array, view: DataView, at: number): LogEntry {
  const id = view.getUint32(at);
  const what = view.getUint8(at + 4);
  const sentUs = view.getFloat64(at + 8);
  const departure: Departure = {
    fate: FATES[view.getUint8(at + 5)] ?? "passed",
    sentUs: Number.isNaN(sentUs) ? null : sentUs,
  };
  if (what === IS_DEPARTURE) return { kind: "departure", id, departure };
  const bytesAt = at + ARRIVAL_BYTES;
  const arrival: Arrival = {
    atUs: view.getFloat64(at + 16),
    rule: view.getInt16(at + 24),
    length: view.getUint16(at + 26),
    side: view.getUint8(at + 30) === 0 ? 0 : 1,
    bytes: bytes.subarray(bytesAt, bytesAt + view.getUint16(at + 28)),
  };
  return { kind: "arrival", id, arrival, departure: what === IS_BOTH ? departure : null };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
