import { build, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import type { Histogram } from "hdr-histogram-js";
import type { LoadLine, Outcomes } from "../../harness/load/line.ts";
import { outcomeText } from "../../harness/load/outcome.ts";
import type { AttemptFailure } from "../../harness/model/sample.ts";

/** The times of an attempt, in microseconds since its beginning; null: it did not come so far, or had a connection. */
export interface Times {
  connectUs: number | null;
  firstByteUs: number | null;
  totalUs: number | null;
}

/** An hour: no run lasts longer, but for what a stopped process adds. A longer time is counted as an hour. */
const LONGEST_US = 3_600_000_000;

/** What attempts came to: their outcomes, connections and times, until it is taken out. */
export class Tally {
  readonly #connect = histogram();
  readonly #firstByte = histogram();
  readonly #total = histogram();
  #ok = 0;
  #connections = 0;
  #failures: Outcomes = {};

  attempt({ connectUs, firstByteUs, totalUs }: Times, outcome: "ok" | AttemptFailure): void {
    if (connectUs !== null) {
      this.#connections += 1;
      record(this.#connect, connectUs);
    }
    if (outcome !== "ok") return this.failed(outcome);
    this.#ok += 1;
    if (firstByteUs !== null) record(this.#firstByte, firstByteUs);
    if (totalUs !== null) record(this.#total, totalUs);
  }

  failed(failure: AttemptFailure): void {
    const words = outcomeText(failure);
    this.#failures[words] = (this.#failures[words] ?? 0) + 1;
  }

  /** What it has come to since it was last taken, after which it begins anew. */
  take(): Pick<LoadLine, "outcomes" | "connections" | "connect" | "firstByte" | "total"> {
    const taken = {
      outcomes: this.#ok > 0 ? { ok: this.#ok, ...this.#failures } : this.#failures,
      connections: this.#connections,
      connect: encodeIntoCompressedBase64(this.#connect),
      firstByte: encodeIntoCompressedBase64(this.#firstByte),
      total: encodeIntoCompressedBase64(this.#total),
    };
    this.#ok = 0;
    this.#connections = 0;
    this.#failures = {};
    for (const full of [this.#connect, this.#firstByte, this.#total]) full.reset();
    return taken;
  }
}

function histogram(): Histogram {
  return build({
    bitBucketSize: 32,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: LONGEST_US,
    numberOfSignificantValueDigits: 3,
  });
}

function record(into: Histogram, us: number): void {
  into.recordValue(us < LONGEST_US ? us : LONGEST_US);
}
