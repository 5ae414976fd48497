import type { PeerSegment } from "../../model/peer.ts";
import type { SegmentPlan } from "../packet/build.ts";
import { FLAG, flagBits } from "../packet/flags.ts";
import type { TcpFrame } from "../packet/frame.ts";
import type { RawOptions } from "../packet/options.ts";

/** RFC 7323 section 2.3: a shift beyond this is taken as this. */
const MOST_SHIFT = 14;
const MOST_WINDOW = 0xffff;

/** A segment that a script says, without the ends between which it goes. */
export interface Spoken extends Pick<
  SegmentPlan,
  "sequence" | "acknowledgement" | "flags" | "windowField" | "options"
> {
  payloadBytes: number;
}

/** Of a segment that came, what a script learns from. */
export type Heard = Pick<TcpFrame, "flags" | "sequence" | "payloadBytes" | "options">;

/** The two number spaces of one connection, as a scripted end has learnt them, and what the two SYNs agreed upon. */
export class Numbers {
  readonly #initial: number;
  /** What follows the furthest that was sent since the last SYN. */
  #next: number;
  /** The number of the other end's latest SYN; null as long as nothing told it. */
  #other: number | null = null;
  /** What follows all that came from there without a gap. */
  #otherNext = 0;
  #shift: number | null = null;
  #otherShift: number | null = null;
  #latestTimestamp = 0;

  /** `initial` is the peer's own initial sequence number. */
  constructor(initial: number) {
    this.#initial = initial;
    this.#next = initial;
  }

  /** Learns from a segment that came. Whether it asks for an acknowledgement: it takes room, or is not what was expected. */
  hear(segment: Heard): boolean {
    const { flags, sequence, payloadBytes, options } = segment;
    if ((flags & FLAG.RST) !== 0) return false;
    this.#latestTimestamp = options.timestamps?.value ?? this.#latestTimestamp;
    const isSyn = (flags & FLAG.SYN) !== 0;
    if (isSyn && sequence !== this.#other) {
      this.#other = sequence;
      this.#otherNext = (sequence + 1) >>> 0;
      this.#otherShift = options.windowScale ?? null;
    } else if (this.#other === null) {
      this.#other = (sequence - 1) >>> 0;
      this.#otherNext = sequence;
    }
    const start = isSyn ? (sequence + 1) >>> 0 : sequence;
    const end = (start + payloadBytes + (flags & FLAG.FIN)) >>> 0;
    const expected = start === this.#otherNext;
    if (ahead(start, this.#otherNext) <= 0 && ahead(end, this.#otherNext) > 0) this.#otherNext = end;
    if (isSyn && (flags & FLAG.ACK) === 0) return false;
    return isSyn || end !== start || !expected;
  }

  /** The segment that a script wants to send now, in absolute numbers; later ones follow it. */
  send(plan: PeerSegment): Spoken {
    const { sequence: wanted = "next", payloadBytes = 0, options = {} } = plan;
    const flags = flagBits(plan.flags);
    const sequence = wanted === "next" ? this.#next : (this.#initial + wanted) >>> 0;
    const isSyn = (flags & FLAG.SYN) !== 0;
    const end = (sequence + payloadBytes + (isSyn ? 1 : 0) + (flags & FLAG.FIN)) >>> 0;
    if (isSyn || ahead(end, this.#next) > 0) this.#next = end;
    if (isSyn) this.#shift = options.windowScale ?? null;
    return {
      sequence,
      acknowledgement: this.#acknowledgement(
        plan.acknowledgement ?? ((flags & FLAG.ACK) === 0 ? null : "next"),
      ),
      flags,
      windowField: this.#windowField(plan.windowBytes, isSyn),
      options: this.#rawOptions(options),
      payloadBytes,
    };
  }

  /** An acknowledgement of all that has come. */
  acknowledge(windowBytes: number): Spoken {
    return this.send({ flags: ["ACK"], windowBytes });
  }

  #acknowledgement(wanted: number | "next" | null): number {
    if (wanted === null) return 0;
    return wanted === "next" ? this.#otherNext : ((this.#other ?? 0) + wanted) >>> 0;
  }

  /** RFC 7323 section 2.2: scaled when both SYNs said so; never in a SYN itself. */
  #windowField(bytes: number, isSyn: boolean): number {
    const isScaled = !isSyn && this.#shift !== null && this.#otherShift !== null;
    const unit = isScaled ? 2 ** Math.min(this.#shift ?? 0, MOST_SHIFT) : 1;
    return Math.min(MOST_WINDOW, Math.floor(bytes / unit));
  }

  #rawOptions({ timestamps, sack, ...rest }: NonNullable<PeerSegment["options"]>): RawOptions {
    const options: RawOptions = rest;
    if (timestamps !== undefined) {
      const { value, echo } = timestamps;
      options.timestamps = { value, echo: echo === "latest" ? this.#latestTimestamp : echo };
    }
    if (sack !== undefined) {
      options.sack = sack.map(([left, right]) => [this.#acknowledgement(left), this.#acknowledgement(right)]);
    }
    return options;
  }
}

/** How far a sequence number lies ahead of another, less than 0 when it lies behind (RFC 9293 section 3.4). */
function ahead(number: number, of: number): number {
  return (number - of) | 0;
}
