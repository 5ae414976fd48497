import type { PacketSample } from "../model/sample.ts";
import type { WirePlan } from "../model/wire.ts";
import { type Arrival, type Departure, LogReader } from "../wire/log.ts";
import { parseFrame } from "../wire/packet/frame.ts";
import { type Segment, Tracker } from "../wire/track.ts";
import type { CapturedSegment } from "./capture.ts";
import type { TrialClock } from "./clock.ts";

/** A segment that has arrived and has not left yet. */
interface Pending {
  segment: Segment;
  arrival: Arrival;
}

/** Makes samples from a wire's log. A segment's sample is complete when the log says what became of the segment. */
export class SegmentReader {
  readonly #plan: WirePlan;
  readonly #clock: TrialClock;
  readonly #tracker: Tracker;
  readonly #capture: (segment: CapturedSegment) => void;
  readonly #log = new LogReader();
  readonly #pending = new Map<number, Pending>();

  /** `nth` is the number of the wire in the setup, from 0. `capture` receives each segment with its frame. */
  constructor(nth: number, plan: WirePlan, clock: TrialClock, capture: (segment: CapturedSegment) => void) {
    this.#plan = plan;
    this.#clock = clock;
    this.#capture = capture;
    this.#tracker = new Tracker(nth, plan.between);
  }

  /** Reads the next piece of the wire's log. Returns the samples that this piece completes. */
  read(piece: Uint8Array): PacketSample[] {
    const samples: PacketSample[] = [];
    for (const entry of this.#log.read(piece)) {
      const pending = entry.kind === "arrival" ? this.#begin(entry.arrival) : this.#pending.get(entry.id);
      if (pending === undefined) continue;
      if (entry.departure === null) this.#pending.set(entry.id, pending);
      else {
        this.#pending.delete(entry.id);
        samples.push(this.#sample(pending, entry.departure));
      }
    }
    return samples;
  }

  /** The samples of the segments that the log never completed: those segments never left. */
  rest(): PacketSample[] {
    const rest = [...this.#pending.values()];
    this.#pending.clear();
    return rest.map((pending) => this.#sample(pending, { fate: "lost", sentUs: null }));
  }

  #begin(arrival: Arrival): Pending | undefined {
    const { length, bytes, side } = arrival;
    // The parser needs a frame of the full length. The part that was not kept is payload, and the parser does not read it.
    const frame = new Uint8Array(length);
    frame.set(bytes);
    const parsed = parseFrame(frame, length);
    if (parsed.kind !== "tcp") return undefined;
    const connection = this.#tracker.follow(parsed, frame, side);
    return { segment: this.#tracker.segment(parsed, side, connection), arrival };
  }

  #sample({ segment, arrival }: Pending, { fate, sentUs }: Departure): PacketSample {
    const sample: PacketSample = {
      ...this.#clock.momentOf(arrival.atUs),
      ...segment,
      fate,
      rule: this.#plan.rules[arrival.rule]?.name ?? null,
      sentUs: sentUs === null ? null : this.#clock.momentOf(sentUs).atUs,
    };
    this.#capture({ sample, bytes: arrival.bytes, frameBytes: arrival.length });
    return sample;
  }
}
