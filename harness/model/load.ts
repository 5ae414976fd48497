/** The number of attempts by outcome: `ok`, `connect ECONNREFUSED`, `response timeout`, `status 503`, `never begun`. */
export type Outcomes = Record<string, number>;

/**
 * The attempts of one thread of a load program in one second. Each histogram is an HdrHistogram of microseconds with three
 * significant digits, in the compressed V2 encoding, in base64. null: this program cannot measure it. `connect` has the handshakes;
 * `firstByte` and `total` have the attempts that ended `ok`. All times count from when the attempt began or, in an open loop, from
 * when it was due.
 */
export interface LoadSecond {
  /** From 1. A program with one thread is thread 1. */
  thread: number;
  /** From 1, counted from the end of the warm-up. An attempt belongs to the second in which it ended. */
  second: number;
  outcomes: Outcomes;
  /** Connections whose handshake was completed, as far as the program can tell. */
  connections: number;
  connect: string | null;
  firstByte: string | null;
  total: string;
  /**
   * With a rate: how late the program began attempts, counting only those for which a place was free when they were due. Thus it is the
   * lateness of the program, not of the server. null without a rate, and where it cannot be measured.
   */
  pacing: string | null;
}

/** The totals of one thread of a load program, over the whole load. */
export interface LoadEnd {
  thread: number;
  /** From the end of the warm-up to the end of the duration or, without a duration, to the end of the last attempt. */
  seconds: number;
  outcomes: Outcomes;
  /** Attempts that ended `ok` within `seconds`, also those that began in the warm-up. Rates are computed from this. */
  okInTime: number;
  connections: number;
  /** The attempts that began in the warm-up. They are in none of the other figures, except for `okInTime` and `endedBy`. */
  warmUp: { outcomes: Outcomes; connections: number };
  /** Attempts that got no place, in an open loop or because the time was over. `outcomes` has them as `never begun`. */
  neverBegun: number;
  /**
   * What ended each connection first: the server's FIN if it had arrived when the program closed, read or not; otherwise the program's own
   * FIN, also if the two FINs crossed on the way; or an RST of either side.
   * It includes the connections of the warm-up. null where the program cannot tell.
   */
  endedBy: { clientFin: number; serverFin: number; reset: number } | null;
  /** For how long of `seconds` the program began no attempt because the last ones had failed. */
  backedOffMs: number;
  /** Processor time of the thread, user and system, within `seconds`. */
  cpuMs: number;
  /** The longest stall of the thread's event loop. Times measured then can be too long by this much. */
  longestLagMs: number;
}
