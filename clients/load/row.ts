import { outcomeText } from "../../harness/load/outcome.ts";
import type { AttemptFailure, AttemptSample, Moment } from "../../harness/model/sample.ts";
import { monotonicUs } from "./clock.ts";

/** The line printed for an attempt: the sample without the fields that the reader of the output adds. */
export type AttemptRow = Omit<AttemptSample, keyof Moment | "program"> & {
  /** When the attempt began, or in an open loop when it was due, in microseconds of CLOCK_MONOTONIC. */
  monotonicUs: number;
};

/** The line printed at the end of a connection that can carry several attempts. It is a report, so it has no nested objects. */
export interface ConnectionRow {
  kind: "connection";
  /** When the client closed the connection. */
  monotonicUs: number;
  connection: number;
  localPort: number | null;
  responses: number;
  lastedMs: number;
  /** The side whose FIN or RST came first. */
  endedBy: "client" | "server";
  /** `ok`, or the phase and code of the failure that ended the connection early. */
  outcome: string;
}

/** The reported part of an attempt. Its times are microseconds since its beginning. */
export interface AttemptTold {
  readonly attempt: number;
  /** The number of its connection. */
  readonly number: number;
  readonly localPort: number | null;
  readonly startedUs: number;
  readonly connectUs: number | null;
  readonly firstByteUs: number | null;
  readonly totalUs: number | null;
}

/** The reported part of a connection that has ended. */
export interface ConnectionTold {
  readonly number: number;
  readonly localPort: number | null;
  readonly responses: number;
  readonly openedUs: number;
  /** Whether the client saw that the handshake was complete. */
  readonly established: boolean;
  /** Whether the server's FIN or RST came before the client closed, and whether it was an RST. */
  readonly peerEnded: boolean;
  readonly peerReset: boolean;
  /** Whether the client's close sent an RST although no plan asked for it: bytes of the server were unread. */
  readonly leftUnread: boolean;
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

/** The line of an attempt that was never begun; `connection` is the number of a connection that was never made. */
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
