import type { Arrival, Departure } from "./log.ts";

/** One frame on its way through the wire. */
export interface Passage extends Arrival, Departure {
  /** Whether the log hears of it: a TCP segment, and not the second copy of one. */
  told: boolean;
  /** Its number in the log, once its coming is noted there; 0 before. */
  id: number;
  /** The byte that is inverted as it leaves; -1 when none is. */
  corruptAt: number;
}

/** A passage of nothing yet, in a buffer. */
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

/** Makes a passage that of a frame which came just now. The bytes stay where they are. */
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

/** Copies all of a passage, its bytes too, into another's own buffer, which must be long enough. */
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
