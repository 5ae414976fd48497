import { classify } from "../../harness/load/outcome.ts";
import type { AttemptFailure } from "../../harness/model/sample.ts";

/** How far an attempt had come when something went wrong. */
export type Stage = "connecting" | "handshaking" | "asking";

/** An error of Node or undici: it has a code, and for a system call the name of the call. */
export interface Told extends Error {
  code?: string;
  syscall?: string;
}

/** undici's code, besides `UND_ERR_SOCKET`, for a response that ended too early (lib/core/errors.js). */
const ENDED_EARLY = "UND_ERR_RES_CONTENT_LENGTH_MISMATCH";

/** The parser's message in the same case (llhttp_finish, llhttp's src/native/api.c). Its errors have a name, but not always a code. */
const INVALID_END = /Invalid EOF state/;

/** The message, with the code `UND_ERR_SOCKET`, for bytes that are no answer. Any other message with this code means a FIN. */
const NO_ANSWER = /^bad (?:response|upgrade)$/;

/** Node's names of calls, and the names that the other load programs use. */
const CALLS: Record<string, string> = { read: "recv", write: "send" };

/**
 * The failure that an attempt reports for an error of Node or undici. null when the error does not come from the peer, the network or
 * the kernel: then it is a fault of this program.
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
      // Node uses the code of an RST for a FIN too, but then the error names no system call (onConnectEnd, lib/_tls_wrap.js).
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
  // Other codes of undici's own mean that this program uses it wrongly.
  if (code.startsWith("UND_ERR_")) return null;
  const call = CALLS[syscall ?? "read"] ?? syscall ?? "recv";
  return classify(call === "send" ? "request" : "response", { kind: "errno", call, code });
}
