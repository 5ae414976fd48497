/** How many attempts ended how, by their outcome in words: `ok`, `connect ECONNREFUSED`, `response timeout`. */
export type Outcomes = Record<string, number>;

/**
 * What a client with `--report histograms` prints every second. Each histogram is an HdrHistogram of microseconds with
 * three significant digits, in the compressed V2 encoding, in base64: `connect` has the handshakes, `firstByte` and
 * `total` the attempts that ended `ok`. All times count from when the attempt began, or, in an open loop, was due.
 */
export interface LoadLine {
  kind: "load";
  /** The end of the second; of the last line, when the last attempt was over. */
  monotonicUs: number;
  /** From 1, counted from the end of the warm-up. An attempt belongs to the second in which it ended. */
  second: number;
  outcomes: Outcomes;
  /** Connections whose handshake was seen to be over. */
  connections: number;
  connect: string;
  firstByte: string;
  total: string;
}

/** What it prints at the end. */
export interface LoadEndLine {
  kind: "load-end";
  monotonicUs: number;
  /** From the end of the warm-up until no more attempts began: the end of a duration, or the last attempt's. */
  seconds: number;
  outcomes: Outcomes;
  connections: number;
  /** What the warm-up's attempts came to, which are in none of the other figures. */
  warmUp: { outcomes: Outcomes; connections: number };
  /** Attempts of an open loop, or of a run out of time, that found no place; `outcomes` has them as `connect timeout`. */
  neverBegun: number;
  /** Processor time of the client, user and system, since the end of the warm-up. */
  cpuMs: number;
  /** The longest time that the client did not look at its connections: what was measured then may be late by so much. */
  longestLagMs: number;
}
