import type { PeerSegment } from "../../model/peer.ts";
import type { SegmentPlan } from "../packet/build.ts";
import { FLAG, flagBits } from "../packet/flags.ts";
import type { TcpFrame } from "../packet/frame.ts";
import type { RawOptions } from "../packet/options.ts";

/** RFC 7323 section 2.3: a larger shift counts as this one. */
const MOST_SHIFT = 14;
const MOST_WINDOW = 0xffff;

/** A segment that a script sends, without addresses and ports. */
export interface Spoken extends Pick<
  SegmentPlan,
  "sequence" | "acknowledgement" | "flags" | "windowField" | "options"
> {
  payloadBytes: number;
}

/** The fields of a received segment that a script uses. */
export type Heard = Pick<TcpFrame, "flags" | "sequence" | "payloadBytes" | "options">;

/** The sequence numbers of both ends of one connection, as a scripted end knows them, and the window scaling that the SYNs agreed on. */
export class Numbers {
  readonly #initial: number;
  /** The sequence number after the furthest segment sent since the last SYN. */
  #next: number;
  /** The sequence number of the other end's latest SYN; null until it is known. */
  #other: number | null = null;
  /** The sequence number after everything that was received from the other end without a gap. */
  #otherNext = 0;
  #shift: number | null = null;
  #otherShift: number | null = null;
  #latestTimestamp = 0;

  /** `initial` is the peer's own initial sequence number. */
  constructor(initial: number) {
    this.#initial = initial;
    this.#next = initial;
  }

  /** Takes a received segment. Returns whether it needs an acknowledgement: it takes sequence space, or is not the expected one. */
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

  /** The segment that a script sends now, in absolute numbers. The next one continues after it. */
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

  /** An acknowledgement of everything that was received. */
  acknowledge(windowBytes: number): Spoken {
    return this.send({ flags: ["ACK"], windowBytes });
  }

  #acknowledgement(wanted: number | "next" | null): number {
    if (wanted === null) return 0;
    return wanted === "next" ? this.#otherNext : ((this.#other ?? 0) + wanted) >>> 0;
  }

  /** RFC 7323 section 2.2: the window is scaled when both SYNs had the option, but never in a SYN itself. */
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

/** How far a sequence number is ahead of another; negative when it is behind (RFC 9293 section 3.4). */
function ahead(number: number, of: number): number {
  return (number - of) | 0;
}
