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

  /** How full the buffer is, from 0 to 1. */
  get fullness(): number {
    return this.#end / this.#bytes.length;
  }

  /** Notes a segment that came, with its departure when that is known already. Its id, from 1; 0 when it is not told. */
  arrive(arrival: Arrival, departure: Departure | null): number {
    const kept = Math.min(arrival.length, this.#keep);
    const at = this.#end;
    if (this.#ids === this.#most || at + ARRIVAL_BYTES + kept > this.#bytes.length) {
      this.untold += 1;
      return 0;
    }
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
    if (this.#end + DEPARTURE_BYTES > this.#bytes.length) {
      this.untold += 1;
      return;
    }
    this.#head(id, IS_DEPARTURE, departure);
    this.#end += DEPARTURE_BYTES;
    if (this.sinceUs === Number.POSITIVE_INFINITY) this.sinceUs = nowUs;
  }

  /** Takes all that waits, as bytes for `readLog`. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#end);
    this.#end = 0;
    this.sinceUs = Number.POSITIVE_INFINITY;
    return taken;
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

/** What a log's `take` gave, read again: arrivals in the order in which the segments came. */
export function readLog(batch: Uint8Array): LogEntry[] {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
  const entries: LogEntry[] = [];
  for (let at = 0; at < batch.length;) {
    const id = view.getUint32(at);
    const what = view.getUint8(at + 4);
    const sentUs = view.getFloat64(at + 8);
    const departure: Departure = {
      fate: FATES[view.getUint8(at + 5)] ?? "passed",
      sentUs: Number.isNaN(sentUs) ? null : sentUs,
    };
    if (what === IS_DEPARTURE) {
      entries.push({ kind: "departure", id, departure });
      at += DEPARTURE_BYTES;
      continue;
    }
    const kept = view.getUint16(at + 28);
    const bytesAt = at + ARRIVAL_BYTES;
    const arrival: Arrival = {
      atUs: view.getFloat64(at + 16),
      rule: view.getInt16(at + 24),
      length: view.getUint16(at + 26),
      side: view.getUint8(at + 30) === 0 ? 0 : 1,
      bytes: batch.subarray(bytesAt, bytesAt + kept),
    };
    entries.push({ kind: "arrival", id, arrival, departure: what === IS_BOTH ? departure : null });
    at = bytesAt + kept;
  }
  return entries;
}
