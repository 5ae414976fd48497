import { classify } from "../../harness/load/outcome.ts";
import type { Oddity, Trouble } from "../../harness/load/outcome.ts";
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

/**
 * The messages, with the code `UND_ERR_SOCKET`, for bytes that are no answer (lib/dispatcher/client-h1.js): an interim response 100, or
 * bytes while no response is due; and a change of the protocol. Any other message with this code means a FIN.
 */
const NO_ANSWERS: Record<string, Oddity> = { "bad response": "unexpected", "bad upgrade": "upgraded" };

/** The parser's messages for bytes that are no response, by what they are about (llhttp's src/llhttp/http.ts). */
const PARSING: [message: RegExp, why: Oddity][] = [
  [/Expected HTTP\/|version|Expected dot|Invalid method/i, "not-http"],
  [/chunk/i, "bad-chunk"],
  [/after `Connection: close`/, "extra-bytes"],
  [/header|Content-Length|Transfer-Encoding|status|line|expected (?:CR|LF)/i, "bad-head"],
];

/** Node's names of calls, and the names that the other load programs use. */
const CALLS: Record<string, string> = { read: "recv", write: "send" };

/** What had come of an attempt: a byte of the response; and an RST, which Node can show as a FIN. */
export interface Came {
  begun: boolean;
  reset: boolean;
}

/** The peer has ended the connection. */
export function endTrouble({ begun, reset }: Came): Trouble {
  return reset ? { kind: "errno", call: "recv", code: "ECONNRESET" } : { kind: "eof", begun };
}

/**
 * The failure that an attempt reports for an error of Node or undici. null when the error does not come from the peer, the network or
 * the kernel: then it is a fault of this program.
 */
export function failureOf(stage: Stage, error: Told, came: Came): AttemptFailure | null {
  const { code, syscall } = error;
  if (error.name === "HTTPParserError") {
    if (INVALID_END.test(error.message)) return classify("response", endTrouble(came));
    const why = PARSING.find(([message]) => message.test(error.message))?.[1] ?? "unexpected";
    return classify("response", { kind: "unexpected", why });
  }
  if (code === undefined) return null;
  switch (stage) {
    case "connecting":
      return classify("connect", { kind: "errno", call: syscall ?? "connect", code });
    case "handshaking":
      // Node uses the code of an RST for a FIN too, but then the error names no system call (onConnectEnd, lib/_tls_wrap.js).
      if (code === "ECONNRESET" && syscall === undefined && !came.reset) {
        return classify("tls", { kind: "eof", begun: true });
      }
      return classify("tls", { kind: "errno", call: "handshake", code });
    case "asking":
      return failureOfRequest(code, error, came);
  }
}

function failureOfRequest(code: string, { message, syscall }: Told, came: Came): AttemptFailure | null {
  if (code === ENDED_EARLY) return classify("response", endTrouble({ ...came, begun: true }));
  if (code === "UND_ERR_SOCKET") {
    const why = Object.hasOwn(NO_ANSWERS, message) ? NO_ANSWERS[message] : undefined;
    return classify("response", why === undefined ? endTrouble(came) : { kind: "unexpected", why });
  }
  if (code === "UND_ERR_HEADERS_OVERFLOW") {
    return classify("response", { kind: "unexpected", why: "head-too-long" });
  }
  // Other codes of undici's own mean that this program uses it wrongly.
  if (code.startsWith("UND_ERR_")) return null;
  const call = CALLS[syscall ?? "read"] ?? syscall ?? "recv";
  return classify(call === "send" ? "request" : "response", { kind: "errno", call, code });
}
