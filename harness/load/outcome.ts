import type { AttemptFailure, AttemptOutcome } from "../model/sample.ts";

/**
 * What can be wrong with the bytes that a server sends, as codes of failures; reason.ts has them in sentences. `unexpected`: the engine
 * does not say what.
 */
export const ODDITIES = [
  "not-http",
  "line-too-long",
  "head-too-long",
  "bad-head",
  "bad-chunk",
  "upgraded",
  "extra-bytes",
  "unexpected",
] as const;
export type Oddity = (typeof ODDITIES)[number];

/** Why an attempt could not go on, as the engine found it. */
export type Trouble =
  /** A system call failed: its name, and the name of its errno. */
  | { kind: "errno"; call: string; code: string }
  /** A wait was longer than the plan allows, or the bound of the whole run was reached. */
  | { kind: "timeout" }
  /** The peer's FIN came before the response was whole; `begun`: after a part of it. */
  | { kind: "eof"; begun: boolean }
  /** The peer sent something that is not a response, or more than one response. */
  | { kind: "unexpected"; why: Oddity }
  /** The response is whole, and its status refuses the request. */
  | { kind: "refused"; status: number }
  /** A signal ended the client while the attempt was under way. */
  | { kind: "cancelled" };

/** The call that each phase waits for. It is named when the wait itself failed. */
const WAITED_FOR: Record<AttemptFailure["phase"], string> = {
  connect: "connect",
  tls: "handshake",
  request: "send",
  response: "recv",
  status: "recv",
  close: "recv",
};

/**
 * The failure that an attempt reports: the phase it was in, an errno or one of our own codes, and the call.
 * A cancelled attempt has ECANCELED, which no call here returns.
 */
export function classify(phase: AttemptFailure["phase"], trouble: Trouble): AttemptFailure {
  const call = WAITED_FOR[phase];
  switch (trouble.kind) {
    case "errno":
      // The connection existed, and the peer reset it before a request was sent. A handshake without the peer's SYN fails
      // with another errno (tcp_reset, net/ipv4/tcp_input.c).
      if (phase === "connect" && trouble.call === "connect" && RESET_LATER.includes(trouble.code)) {
        return { phase: "request", code: trouble.code, call: WAITED_FOR.request };
      }
      return { phase, code: trouble.code, call: trouble.call };
    case "timeout":
      return { phase, code: "timeout", call };
    case "eof":
      return { phase, code: trouble.begun ? "truncated" : "empty", call };
    case "unexpected":
      return { phase, code: trouble.why, call };
    case "refused":
      return { phase: "status", code: String(trouble.status), call: WAITED_FOR.status };
    case "cancelled":
      return { phase, code: "ECANCELED", call };
  }
}

/** The errno in SO_ERROR after an RST in any state but SYN-SENT; in SYN-SENT it is ECONNREFUSED. */
const RESET_LATER = ["ECONNRESET", "EPIPE"];

/** An outcome in words: `ok`, `never begun`, or `connect ECONNREFUSED`. */
export function outcomeText(outcome: AttemptOutcome): string {
  return typeof outcome === "string" ? outcome : `${outcome.phase} ${outcome.code}`;
}
