import type { WireFate } from "../model/sample.ts";
import type { Side } from "./side.ts";

/** A segment's coming, as the wire tells it. Times are microseconds on CLOCK_MONOTONIC. */
export interface Arrival {
  atUs: number;
  side: Side;
  /** The index of the rule that acted; -1 when none did. */
  rule: number;
  /** How long the frame was, and its first bytes: as many as the wire was told to keep. */
  length: number;
  bytes: Uint8Array;
}

/** What became of a segment, and when it left; null when it never did. */
export interface Departure {
  fate: WireFate;
  sentUs: number | null;
}

/** `departure` is null for a segment that is still on its way: another entry of the same id tells it. */
export type LogEntry =
  | { kind: "arrival"; id: number; arrival: Arrival; departure: Departure | null }
  | { kind: "departure"; id: number; departure: Departure };

const FATES: readonly WireFate[] = ["passed", "dropped", "held", "duplicated", "corrupted", "lost", "cut"];

/** What an entry begins with: id, sent (float64), what it is, fate. */
const DEPARTURE_BYTES = 16;
/** An arrival has more: at (float64), rule, frame's length, length kept, side; then the bytes. */
const ARRIVAL_BYTES = 32;
const IS_DEPARTURE = 0;
const IS_ARRIVAL = 1;
const IS_BOTH = 2;

/**
 * What waits to be told, as bytes, in a buffer of a fixed size: telling costs no object, and a reader that is slow costs no
 * memory. What does not fit any more is counted, not kept.
 */
export class SegmentLog {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #keep: number;
  readonly #most: number;
  #ids = 0;
  /** What waits lies between these two. */
  #start = 0;
  #end = 0;

  /** Segments of which something is not told: the buffer was full, or there were more than the most. */
  untold = 0;
  /** When the first of those that wait came; Infinity when none waits. */
  sinceUs = Number.POSITIVE_INFINITY;

  /** `keepBytes` is how much of each frame is kept, `most` how many segments are told in all. */
  constructor({ bytes, keepBytes, most }: { bytes: number; keepBytes: number; most: number }) {
    this.#bytes = new Uint8Array(bytes);
    this.#view = new DataView(this.#bytes.buffer);
    this.#keep = keepBytes;
    this.#most = most;
  }

  /** All that waits, for a `LogReader`, until something else is done here. */
  get waiting(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  /** The first of what waits was told: so many bytes, which need not be whole entries. */
  forget(bytes: number): void {
    this.#start += bytes;
    if (this.#start < this.#end) return;
    this.#start = 0;
    this.#end = 0;
    this.sinceUs = Number.POSITIVE_INFINITY;
  }

  /** Notes a segment that came, with its departure when that is known already. Its id, from 1; 0 when it is not told. */
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

  /** Notes what became of a segment that was told to have come. */
  depart(id: number, departure: Departure, nowUs: number): void {
    if (!this.#hasRoom(DEPARTURE_BYTES)) {
      this.untold += 1;
      return;
    }
    this.#head(id, IS_DEPARTURE, departure);
    this.#end += DEPARTURE_BYTES;
    if (this.sinceUs === Number.POSITIVE_INFINITY) this.sinceUs = nowUs;
  }

  /** Whether so many bytes more can wait; what waits moves to the front when that is needed. */
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

/** Reads again what a log has told, however it was cut into pieces: arrivals in the order in which the segments came. */
export class LogReader {
  #rest: Uint8Array = new Uint8Array(0);

  /** The entries that are whole with this piece. Their bytes are the piece's own. */
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

/** How long the entry is that begins there; null when too little of it is there to know. */
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
