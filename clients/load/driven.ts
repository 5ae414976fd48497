import type { AttemptFailure } from "../../harness/model/sample.ts";
import type { AttemptTold, ConnectionTold } from "./row.ts";

/** What makes a load. */
export interface Driven {
  /** Begins at a moment of CLOCK_MONOTONIC. Resolves when every attempt is accounted for and every connection closed, or the run was stopped. */
  run(startUs: number): Promise<void>;
  /** Ends the run at the next turn: attempts under way are ECANCELED, those not yet begun are not told. */
  stop(): void;
}

/** Who is told what happens, and given time to write it out. */
export interface Listener {
  /** The load begins. */
  begin(startUs: number): void;
  /** An attempt is over. */
  attempt(attempt: AttemptTold, outcome: "ok" | AttemptFailure): void;
  /** An attempt that was due then was begun so much later, though there was a place for it all the time. */
  late(dueUs: number, lateUs: number): void;
  /** An attempt, due at a moment that may be past, whose turn never came; `connection` is one that was never made. */
  neverBegun(attempt: number, connection: number, dueUs: number): void;
  /** A connection has ended. */
  connection(connection: ConnectionTold, failure: AttemptFailure | null): void;
  /** The load is over; for how long nothing was begun because the last attempts had failed. */
  over(backedOffMs: number): void;
  /** Comes round at least every 60 ms or so. `lagUs` is how long no connection was looked at, without a need to sleep. */
  breathe(nowUs: number, lagUs: number): void;
}
