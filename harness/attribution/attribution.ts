import type { HostName, ProgramName } from "../model/names.ts";

/**
 * Why a connection was closed or reset, each with its name in a ladder. docs/attribution.md says what decides each, and where the kernel
 * does it.
 */
export const CAUSES = {
  /** close() without a byte unread. The kernel does the same for every socket of a process that ends. */
  close: "close()",
  /** shutdown(SHUT_WR): the program still holds the socket. */
  shutdown: "shutdown()",
  /** A signal ended the process, and with it the kernel closed the socket. `made` says what that made of the connection. */
  "process-ended": "process ended",
  /** close() while bytes of the other end were unread. */
  "unread-bytes": "unread bytes at close()",
  /** close() with SO_LINGER {1, 0}. */
  "linger-zero": "SO_LINGER 0",
  /** TCP_LINGER2 below 0: the kernel keeps no FIN-WAIT-2 for the closed socket. */
  linger2: "TCP_LINGER2 below 0",
  /** Too many sockets that nobody holds, or too much memory in sockets. */
  "orphan-limit": "orphan limit",
  /** A process closed its listening socket with connections that it had not accepted. */
  "listener-closed": "listener closed",
  /** Keep-alive probes without an answer. */
  "keep-alive": "keep-alive unanswered",
  /** TCP_USER_TIMEOUT. */
  "user-timeout": "user timeout",
  /** Retransmissions or probes without an answer, as often as the kernel repeats them. */
  "retries-exhausted": "retries exhausted",
  /** A SYN came to a port without a listener. */
  "no-listener": "no listener",
  /** The third segment of a handshake found the accept queue full, and tcp_abort_on_overflow is 1. */
  backlog: "accept queue full",
  /** Data came for a socket that its program has closed. */
  "data-after-close": "data after close()",
  /** Data came for a socket that a process still holds, and has shut down for reading. */
  "data-after-shutdown": "data after shutdown(SHUT_RD)",
  /** A segment came for a connection that this host does not have, or no longer has. */
  "no-connection": "no such connection",
  /** A host that opens a connection got an acknowledgement of something that it has not sent. */
  "wrong-acknowledgement": "acknowledges nothing sent",
  /** connect() with AF_UNSPEC, or a tool that destroys sockets, as `ss -K`. */
  disconnect: "disconnected",
  /** The end is a script, and the script says so. */
  script: "the script's",
  unknown: "unknown",
} as const;

export type Cause = keyof typeof CAUSES;

/** What a close is as a happening: a segment, or nothing at all (the kernel gave the connection up, and sent nothing). */
export type Ending = "FIN" | "RST" | "nothing";

/** One end of a connection. The address is null where no row of the socket was recorded. */
export interface Endpoint {
  host: HostName;
  address: string | null;
  port: number;
}

/** The end of a program, as far as it closed the socket. */
export interface EndedProgram {
  program: ProgramName;
  /** null: it exited by itself. */
  signal: string | null;
  code: number | null;
}

/** Who closed or reset a connection, and why. */
export interface Attribution {
  /** A segment of a wire; or, where there is no wire, a socket's rows, or counters alone. */
  seen: "wire" | "rows" | "counters";
  ending: Ending;
  /** How many: 1, except for counters. */
  count: number;
  /** When the segment reached the wire. Otherwise the look that first showed it. */
  atUs: number;
  /** null for a segment. Otherwise the look before. */
  afterUs: number | null;
  /** Whose kernel did it. */
  host: HostName;
  /** The wire, from 0, and the connection on it, from 1; null without a wire. */
  link: number | null;
  connection: number | null;
  /** The host's own end, and the other; null for counters. */
  near: Endpoint | null;
  far: Endpoint | null;
  cause: Cause;
  /** `decided`: nothing else fits what was recorded. `likely`: `orElse` fits too, and is rare. `undecided`: the cause is `unknown`. */
  sure: "decided" | "likely" | "undecided";
  /** The evidence, as a sentence without its full stop. */
  because: string;
  /** What else it could be, as far as the recording shows. */
  orElse: Cause[];
  /** For `process-ended`: what the end of the process made of this connection (`close`, `unread-bytes`, `linger-zero`). */
  made: Cause | null;
  program: EndedProgram | null;
}

/** The part of an attribution that a rule decides. */
export type Verdict = Pick<Attribution, "cause" | "sure" | "because" | "orElse">;

/** A verdict that nothing else fits. */
export function decided(cause: Cause, because: string): Verdict {
  return { cause, sure: "decided", because, orElse: [] };
}

/** A verdict beside which rarer causes fit. */
export function likely(cause: Cause, because: string, ...orElse: Cause[]): Verdict {
  return { cause, sure: "likely", because, orElse };
}

/** No verdict: these causes remain. */
export function undecided(because: string, ...orElse: Cause[]): Verdict {
  return { cause: "unknown", sure: "undecided", because, orElse };
}

/** `18 ms`, `0.4 ms`, `2.1 s`. */
export function span(us: number): string {
  const ms = Math.abs(us) / 1000;
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
