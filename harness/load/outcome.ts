import type { AttemptFailure, AttemptOutcome } from "../model/sample.ts";

/** Why an attempt could not go on, as the engine met it. */
export type Trouble =
  /** A system call failed: which, and with which errno, by name. */
  | { kind: "errno"; call: string; code: string }
  /** A wait was longer than the plan allows, or the bound of the whole run was reached. */
  | { kind: "timeout" }
  /** The peer's FIN came before the response was whole. */
  | { kind: "eof" }
  /** The peer sent what is no response, or more than one. */
  | { kind: "unexpected" }
  /** The response is whole, and its status refuses the request. */
  | { kind: "refused"; status: number }
  /** Somebody ended the client by a signal while the attempt was under way. */
  | { kind: "cancelled" };

/** The call that each phase waits for, which is the one to name when the wait itself is what failed. */
const WAITED_FOR: Record<AttemptFailure["phase"], string> = {
  connect: "connect",
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
      // The connection was there, and the peer reset it before a request could be sent: only a handshake that was
      // never answered by the peer's SYN is refused with another errno (tcp_reset, net/ipv4/tcp_input.c).
      if (phase === "connect" && trouble.call === "connect" && RESET_LATER.includes(trouble.code)) {
        return { phase: "request", code: trouble.code, call: WAITED_FOR.request };
      }
      return { phase, code: trouble.code, call: trouble.call };
    case "timeout":
      return { phase, code: "timeout", call };
    case "eof":
      return { phase, code: "truncated", call };
    case "unexpected":
      return { phase, code: "unexpected", call };
    case "refused":
      return { phase: "status", code: `${Math.floor(trouble.status / 100)}xx`, call: WAITED_FOR.status };
    case "cancelled":
      return { phase, code: "ECANCELED", call };
  }
}

/** What SO_ERROR says after an RST in any state but SYN-SENT, where it is ECONNREFUSED. */
const RESET_LATER = ["ECONNRESET", "EPIPE"];

/** An outcome in words: `ok`, `never begun`, or `connect ECONNREFUSED`. */
export function outcomeText(outcome: AttemptOutcome): string {
  return typeof outcome === "string" ? outcome : `${outcome.phase} ${outcome.code}`;
}
