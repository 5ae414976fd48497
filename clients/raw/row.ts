import { outcomeText } from "../../harness/load/outcome.ts";
import type { AttemptFailure, AttemptSample, Moment } from "../../harness/model/sample.ts";
import { monotonicUs } from "./clock.ts";
import type { Connection } from "./connection.ts";

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

export function attemptRow(connection: Connection, outcome: "ok" | AttemptFailure): AttemptRow {
  return {
    kind: "attempt",
    monotonicUs: connection.startedUs,
    attempt: connection.attempt,
    connection: connection.number,
    localPort: connection.localPort,
    connectMs: milliseconds(connection.connectUs),
    firstByteMs: milliseconds(connection.firstByteUs),
    totalMs: milliseconds(connection.totalUs),
    outcome,
  };
}

/** An attempt whose turn never came; `connection` is the number of one that was never made. */
export function neverBegunRow(
  attempt: number,
  connection: number,
  dueUs: number,
  outcome: AttemptFailure,
): AttemptRow {
  return {
    kind: "attempt",
    monotonicUs: dueUs,
    attempt,
    connection,
    localPort: null,
    connectMs: null,
    firstByteMs: null,
    totalMs: null,
    outcome,
  };
}

export function connectionRow(connection: Connection, failure: AttemptFailure | null): ConnectionRow {
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
