import { classify } from "../../harness/load/outcome.ts";
import type { AttemptFailure } from "../../harness/model/sample.ts";

/** How far an attempt had come when something went wrong. */
export type Stage = "connecting" | "handshaking" | "asking";

/** What Node and undici say of an error: a code, and of a system call its name. */
export interface Told extends Error {
  code?: string;
  syscall?: string;
}

/** What undici says of a response whose end came before its time, besides `UND_ERR_SOCKET` (lib/core/errors.js). */
const ENDED_EARLY = "UND_ERR_RES_CONTENT_LENGTH_MISMATCH";

/** What its parser says then (llhttp_finish, llhttp's src/native/api.c): its errors have a name, but not always a code. */
const INVALID_END = /Invalid EOF state/;

/** What it says, with the code `UND_ERR_SOCKET`, of bytes that are no answer; all else with that code is a FIN. */
const NO_ANSWER = /^bad (?:response|upgrade)$/;

/** The calls that Node names, as the other load programs name them. */
const CALLS: Record<string, string> = { read: "recv", write: "send" };

/**
 * The failure that an attempt reports, from the error that Node or undici gave for it; null when the error is none of a peer,
 * of a network or of the kernel, and so our own fault.
 */
export function failureOf(stage: Stage, error: Told): AttemptFailure | null {
  const { code, syscall } = error;
  if (error.name === "HTTPParserError") {
    return classify("response", { kind: INVALID_END.test(error.message) ? "eof" : "unexpected" });
  }
  if (code === undefined) return null;
  switch (stage) {
    case "connecting":
      return classify("connect", { kind: "errno", call: syscall ?? "connect", code });
    case "handshaking":
      // Node's code for a FIN is that of an RST, but then no call has failed (onConnectEnd, lib/_tls_wrap.js).
      if (code === "ECONNRESET" && syscall === undefined) return classify("connect", { kind: "eof" });
      return classify("connect", { kind: "errno", call: "handshake", code });
    case "asking":
      return failureOfRequest(code, error);
  }
}

function failureOfRequest(code: string, { message, syscall }: Told): AttemptFailure | null {
  if (code === ENDED_EARLY) return classify("response", { kind: "eof" });
  if (code === "UND_ERR_SOCKET") {
    return classify("response", { kind: NO_ANSWER.test(message) ? "unexpected" : "eof" });
  }
  if (code === "UND_ERR_HEADERS_OVERFLOW") return classify("response", { kind: "unexpected" });
  // Whatever else is undici's own speaks of how it is used.
  if (code.startsWith("UND_ERR_")) return null;
  const call = CALLS[syscall ?? "read"] ?? syscall ?? "recv";
  return classify(call === "send" ? "request" : "response", { kind: "errno", call, code });
}
