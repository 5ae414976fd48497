import { outcomeText } from "../../harness/load/outcome.ts";
import type { AttemptFailure, AttemptSample, Moment } from "../../harness/model/sample.ts";
import { monotonicUs } from "./clock.ts";

/** What is printed of an attempt: the sample, less what only the reader of the output knows. */
export type AttemptRow = Omit<AttemptSample, keyof Moment | "program"> & {
  /** When the attempt began, or in an open loop was due, in microseconds of CLOCK_MONOTONIC. */
  monotonicUs: number;
};

/** What is printed when a connection that carried one attempt after another has ended: a report, and so flat. */
export interface ConnectionRow {
  kind: "connection";
  /** When it was closed. */
  monotonicUs: number;
  connection: number;
  localPort: number | null;
  responses: number;
  lastedMs: number;
  /** Whose FIN or RST came first. */
  endedBy: "client" | "server";
  /** `ok`, or the phase and code of what ended it before its time. */
  outcome: string;
}

/** An attempt, as far as it is told: its times are microseconds since its beginning. */
export interface AttemptTold {
  readonly attempt: number;
  /** Of its connection. */
  readonly number: number;
  readonly localPort: number | null;
  readonly startedUs: number;
  readonly connectUs: number | null;
  readonly firstByteUs: number | null;
  readonly totalUs: number | null;
}

/** A connection that has ended, as far as it is told. */
export interface ConnectionTold {
  readonly number: number;
  readonly localPort: number | null;
  readonly responses: number;
  readonly openedUs: number;
  /** Whether its handshake was seen to be over. */
  readonly established: boolean;
  /** Whether the server's FIN or RST came before we closed, and whether it was an RST. */
  readonly peerEnded: boolean;
  readonly peerReset: boolean;
}

export function attemptRow(attempt: AttemptTold, outcome: "ok" | AttemptFailure): AttemptRow {
  return {
    kind: "attempt",
    monotonicUs: attempt.startedUs,
    attempt: attempt.attempt,
    connection: attempt.number,
    localPort: attempt.localPort,
    connectMs: milliseconds(attempt.connectUs),
    firstByteMs: milliseconds(attempt.firstByteUs),
    totalMs: milliseconds(attempt.totalUs),
    outcome,
  };
}

/** An attempt whose turn never came; `connection` is the number of one that was never made. */
export function neverBegunRow(attempt: number, connection: number, dueUs: number): AttemptRow {
  return {
    kind: "attempt",
    monotonicUs: dueUs,
    attempt,
    connection,
    localPort: null,
    connectMs: null,
    firstByteMs: null,
    totalMs: null,
    outcome: "never begun",
  };
}

export function connectionRow(connection: ConnectionTold, failure: AttemptFailure | null): ConnectionRow {
  const nowUs = monotonicUs();
  return {
    kind: "connection",
    monotonicUs: nowUs,
    connection: connection.number,
    localPort: connection.localPort,
    responses: connection.responses,
    lastedMs: (nowUs - connection.openedUs) / 1000,
    endedBy: connection.peerEnded ? "server" : "client",
    outcome: outcomeText(failure ?? "ok"),
  };
}

function milliseconds(us: number | null): number | null {
  return us === null ? null : us / 1000;
}
