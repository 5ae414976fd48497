import type { Arrival, Departure } from "./log.ts";

/** One frame on its way through the wire. */
export interface Passage extends Arrival, Departure {
  /** Whether the frame is logged: it is a TCP segment, and not the second copy of one. */
  told: boolean;
  /** Its id in the log; 0 before its arrival is logged. */
  id: number;
  /** The offset of the byte that is inverted when the frame leaves; -1 when none is. */
  corruptAt: number;
}

/** A passage without a frame, with a buffer for one. */
export function emptyPassage(bytes: Uint8Array): Passage {
  return {
    atUs: 0,
    side: 0,
    rule: -1,
    length: 0,
    bytes,
    fate: "passed",
    sentUs: null,
    told: false,
    id: 0,
    corruptAt: -1,
  };
}

/** Sets a passage to a frame that has just arrived. The bytes are not copied. */
export function beginPassage(passage: Passage, { atUs, side, length, bytes }: Omit<Arrival, "rule">): void {
  passage.atUs = atUs;
  passage.side = side;
  passage.rule = -1;
  passage.length = length;
  passage.bytes = bytes;
  passage.fate = "passed";
  passage.sentUs = null;
  passage.told = false;
  passage.id = 0;
  passage.corruptAt = -1;
}

/** Copies a passage into another one. Its bytes are copied into the other's buffer, which must be long enough. */
export function copyPassage(from: Passage, to: Passage): void {
  to.bytes.set(from.length === from.bytes.length ? from.bytes : from.bytes.subarray(0, from.length));
  to.atUs = from.atUs;
  to.side = from.side;
  to.rule = from.rule;
  to.length = from.length;
  to.fate = from.fate;
  to.sentUs = from.sentUs;
  to.told = from.told;
  to.id = from.id;
  to.corruptAt = from.corruptAt;
}
