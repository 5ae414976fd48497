import { build, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import type { Outcomes } from "../../harness/model/load.ts";
import { outcomeText } from "../../harness/load/outcome.ts";
import type { AttemptFailure, AttemptOutcome } from "../../harness/model/sample.ts";

/** The times of an attempt, in microseconds since its beginning. null: it failed before, or (`connectUs`) used an open connection. */
export interface AttemptTimes {
  connectUs: number | null;
  firstByteUs: number | null;
  totalUs: number | null;
}

/** One hour. No run lasts longer, unless its process was stopped meanwhile. A longer time is counted as one hour. */
const LONGEST_US = 3_600_000_000;

/** Times below this are counted in an array, one element a microsecond, because that is faster than recording in a histogram. */
const FINE_US = 32_768;

/** Times collected for a histogram. */
class Times {
  readonly #fine = new Uint32Array(FINE_US);
  readonly #histogram = build({
    bitBucketSize: 32,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: LONGEST_US,
    numberOfSignificantValueDigits: 3,
  });

  add(us: number): void {
    if (us < FINE_US) this.#fine[us]! += 1;
    else this.#histogram.recordValue(us < LONGEST_US ? us : LONGEST_US);
  }

  /** Returns the histogram, encoded, and empties it. */
  take(): string {
    for (let us = 0; us < FINE_US; us++) {
      const count = this.#fine[us] ?? 0;
      if (count > 0) this.#histogram.recordValueWithCount(us, count);
    }
    const taken = encodeIntoCompressedBase64(this.#histogram);
    this.#fine.fill(0);
    this.#histogram.reset();
    return taken;
  }
}

const REHEARSALS = 5;

/** The outcomes, connections and times of attempts since the last `take`. */
export class Tally {
  readonly #pacing: Times | null;
  readonly #connect = new Times();
  readonly #firstByte = new Times();
  readonly #total = new Times();
  #ok = 0;
  #connections = 0;
  #failures: Outcomes = {};

  /** `rated`: whether the load has a rate, so that each attempt has a time when it is due. */
  constructor(rated: boolean) {
    this.#pacing = rated ? new Times() : null;
  }

  /**
   * Warms up the JIT compiler on made-up attempts. The first round takes 15 ms, later ones 1 ms. Without it, that time would be
   * part of what the load measures.
   */
  rehearse(): void {
    for (let round = 0; round < REHEARSALS; round++) {
      for (let us = 1; us < 2000; us++)
        this.attempt({ connectUs: us, firstByteUs: us * 7, totalUs: us * us }, "ok");
      this.late(1);
      this.take();
    }
  }

  attempt({ connectUs, firstByteUs, totalUs }: AttemptTimes, outcome: "ok" | AttemptFailure): void {
    if (connectUs !== null) {
      this.#connections += 1;
      this.#connect.add(connectUs);
    } else if (outcome !== "ok" && outcome.phase === "tls") {
      // The connection was there, and the handshake of TLS on it failed.
      this.#connections += 1;
    }
    if (outcome !== "ok") return this.#count(outcome);
    this.#ok += 1;
    if (firstByteUs !== null) this.#firstByte.add(firstByteUs);
    if (totalUs !== null) this.#total.add(totalUs);
  }

  /** An attempt began `us` later than it was due, although a connection was free for it. */
  late(us: number): void {
    this.#pacing?.add(us);
  }

  /** An attempt was never begun. */
  neverBegun(): void {
    this.#count("never begun");
  }

  /** Returns the results since the last `take`, and empties the tally. */
  take(): {
    outcomes: Outcomes;
    connections: number;
    connect: string;
    firstByte: string;
    total: string;
    pacing: string | null;
  } {
    const taken = {
      outcomes: this.#ok > 0 ? { ok: this.#ok, ...this.#failures } : this.#failures,
      connections: this.#connections,
      connect: this.#connect.take(),
      firstByte: this.#firstByte.take(),
      total: this.#total.take(),
      pacing: this.#pacing?.take() ?? null,
    };
    this.#ok = 0;
    this.#connections = 0;
    this.#failures = {};
    return taken;
  }

  #count(outcome: Exclude<AttemptOutcome, "ok">): void {
    const words = outcomeText(outcome);
    this.#failures[words] = (this.#failures[words] ?? 0) + 1;
  }
}
