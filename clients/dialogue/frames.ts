import type { Inbox } from "./inbox.ts";
import type { Fields } from "./told.ts";

/** RFC 6455 section 5.2: the opcode of a Close frame, and how the length of a payload is written. */
const CLOSE = 0x8;
const TWO_BYTES = 126;
const EIGHT_BYTES = 127;
const MASKING_KEY_BYTES = 4;
/** Section 5.5.1: a Close frame can begin with a code. */
const CODE_BYTES = 2;

/** Reads frames of WebSocket (RFC 6455 section 5.2) up to the first Close frame. Their content is skipped. */
export class Frames {
  /** What has come of the head of a frame. */
  #head: number[] = [];
  /** The bytes of its payload that are still to come. */
  #missing = 0;
  #code: number[] = [];
  #isOver = false;
  #frames = 0;

  /** Takes what has come, up to the end of a Close frame. Returns `ok` when that has come, or null when more must come. */
  read(inbox: Inbox): "ok" | null {
    for (let piece = inbox.take(); piece !== null; piece = inbox.take()) {
      inbox.putBack(piece.subarray(this.#feed(piece)));
      if (this.#isOver) return "ok";
    }
    return null;
  }

  /** How many frames have come before the Close frame, and its code; null: it has not come, or has none. */
  get fields(): Fields {
    const [high, low] = this.#code;
    return { frames: this.#frames, code: high === undefined || low === undefined ? null : high * 256 + low };
  }

  /** Returns how many bytes were taken. */
  #feed(piece: Buffer): number {
    let at = 0;
    while (at < piece.length && !this.#isOver) {
      if (this.#missing === 0) {
        this.#head.push(piece[at] ?? 0);
        at += 1;
        if (this.#head.length < headBytes(this.#head)) continue;
        this.#missing = payloadBytes(this.#head);
      } else {
        const taken = Math.min(this.#missing, piece.length - at);
        if (isClose(this.#head)) this.#keepCode(piece.subarray(at, at + taken));
        this.#missing -= taken;
        at += taken;
      }
      if (this.#missing === 0) this.#end();
    }
    return at;
  }

  #keepCode(payload: Buffer): void {
    this.#code.push(...payload.subarray(0, CODE_BYTES - this.#code.length));
  }

  #end(): void {
    if (isClose(this.#head)) this.#isOver = true;
    else this.#frames += 1;
    this.#head = [];
  }
}

function isClose([first = 0]: number[]): boolean {
  return (first & 0x0f) === CLOSE;
}

/** How long the head is, as far as it has come: two bytes say it. */
function headBytes([, second]: number[]): number {
  if (second === undefined) return 2;
  const length = second & 0x7f;
  const more = length === TWO_BYTES ? 2 : length === EIGHT_BYTES ? 8 : 0;
  return 2 + more + (second & 0x80 ? MASKING_KEY_BYTES : 0);
}

function payloadBytes([, second = 0, ...rest]: number[]): number {
  const length = second & 0x7f;
  if (length < TWO_BYTES) return length;
  return rest.slice(0, length === TWO_BYTES ? 2 : 8).reduce((sum, byte) => sum * 256 + byte, 0);
}
