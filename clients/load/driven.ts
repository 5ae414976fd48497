import type { AttemptFailure } from "../../harness/model/sample.ts";
import type { AttemptTold, ConnectionTold } from "./row.ts";

/** An engine: it makes a load. */
export interface Driven {
  /**
   * Begins at `startUs` on CLOCK_MONOTONIC. Resolves when every attempt is reported and every connection is closed, or when the run
   * was stopped.
   */
  run(startUs: number): Promise<void>;
  /** Ends the run at the next turn: attempts under way end with ECANCELED, and those not yet begun are not reported. */
  stop(): void;
}

/** Receives the events of a load, and is called regularly so that it can write them. */
export interface Listener {
  /** The load begins. */
  begin(startUs: number): void;
  /** An attempt is over. */
  attempt(attempt: AttemptTold, outcome: "ok" | AttemptFailure): void;
  /** The attempt that was due at `dueUs` began `lateUs` later, although a connection was free for it the whole time. */
  late(dueUs: number, lateUs: number): void;
  /** An attempt was never begun. `dueUs` can be in the past; `connection` is the number of a connection that was never made. */
  neverBegun(attempt: number, connection: number, dueUs: number): void;
  /** A connection has ended. */
  connection(connection: ConnectionTold, failure: AttemptFailure | null): void;
  /** The load is over. `backedOffMs` is the sum of the pauses after failures, without those of the warm-up. */
  over(backedOffMs: number): void;
  /**
   * Called at least about every 60 ms. `lagUs` is how long the engine served no connection although it was not asleep; `underWay` is the
   * number of attempts that are under way now.
   */
  breathe(nowUs: number, lagUs: number, underWay: number): void;
}
