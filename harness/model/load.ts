/** How many attempts ended how, by their outcome in words: `ok`, `connect ECONNREFUSED`, `response timeout`, `status 5xx`, `never begun`. */
export type Outcomes = Record<string, number>;

/**
 * What the attempts of one second came to, of one thread of a load program. Each histogram is an HdrHistogram of
 * microseconds with three significant digits, in the compressed V2 encoding, in base64; null: this program cannot measure it.
 * `connect` has the handshakes, `firstByte` and `total` the attempts that ended `ok`. All times count from when the attempt
 * began, or, in an open loop, was due.
 */
export interface LoadSecond {
  /** From 1. A program with one thread is thread 1. */
  thread: number;
  /** From 1, counted from the end of the warm-up. An attempt belongs to the second in which it ended. */
  second: number;
  outcomes: Outcomes;
  /** Connections whose handshake was seen to be over. */
  connections: number;
  connect: string | null;
  firstByte: string | null;
  total: string;
  /**
   * With a rate: how late attempts were begun for which a place was free when they were due. It is the program's own lateness,
   * never the server's. null without a rate, and where it cannot be measured.
   */
  pacing: string | null;
}

/** What a whole load came to, of one thread of a load program. */
export interface LoadEnd {
  thread: number;
  /** From the end of the warm-up until no more attempts began: the end of a duration, or the last attempt's. */
  seconds: number;
  outcomes: Outcomes;
  /** Attempts that had ended `ok` when `seconds` were over: what a rate is computed from. */
  okInTime: number;
  connections: number;
  /** What the warm-up's attempts came to, which are in none of the other figures. */
  warmUp: { outcomes: Outcomes; connections: number };
  /** Attempts of an open loop, or of a run out of time, that found no place; `outcomes` has them as `never begun`. */
  neverBegun: number;
  /**
   * Whose end came first, as far as the program saw it, of all connections that were there, warm-up included: its own FIN, the
   * server's, or an RST of either. null where it cannot be told.
   */
  endedBy: { clientFin: number; serverFin: number; reset: number } | null;
  /** How long no attempt was begun because the last ones had failed. */
  backedOffMs: number;
  /** Processor time of the thread, user and system, since the end of the warm-up. */
  cpuMs: number;
  /** The longest time that the thread did not look at its connections: what was measured then may be late by so much. */
  longestLagMs: number;
}
