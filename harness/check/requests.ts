import type { CheckedServer } from "../model/probe.ts";
import { quoted } from "../recording/suggest.ts";
import { UsageError } from "../runs/errors.ts";
import type { CheckOrder } from "./order.ts";

/** The methods whose requests have a body (RFC 9110, section 9.3): it is empty, and its length is said. */
const WITH_BODY = ["POST", "PUT", "PATCH"];
/** The methods of which a client can make a request without knowing more of the server. An answer to HEAD has no body to read. */
const METHODS = ["GET", "DELETE", "OPTIONS", ...WITH_BODY];

/** The beginning of a request line, of `GET /health` or of `/health` alone. Throws a UsageError for anything else. */
export function requestLine(text: string): string {
  const [, method = "GET", path] = /^(?:([A-Za-z]+) +)?(\/[!-[\]-~]*)$/.exec(text.trim()) ?? [];
  if (path === undefined)
    throw new UsageError(
      `A request is a method and a path, as in "GET /health", not ${quoted(text)}. What is not ASCII is percent-encoded.`,
    );
  const upper = method.toUpperCase();
  if (METHODS.includes(upper)) return `${upper} ${path}`;
  throw new UsageError(`The clients of a check make requests of ${METHODS.join(", ")}, not ${upper}.`);
}

/** The request that leaves the connection open, and the last one, as texts of steps of clients/dialogue. */
export function requestsOf(
  request: CheckOrder["request"],
  port: number,
): Pick<CheckedServer, "request" | "lastRequest"> {
  if ("raw" in request) return { request: request.raw, lastRequest: request.raw };
  const [method = ""] = request.http.split(" ");
  const length = WITH_BODY.includes(method) ? "Content-Length: 0\\r\\n" : "";
  const head = `${request.http} HTTP/1.1\\r\\nHost: server:${port}\\r\\nUser-Agent: lastack\\r\\n${length}`;
  // Most clients ask for it (browsers, Node.js, requests), and Apache httpd announces its idle time only to those.
  return {
    request: `${head}Connection: keep-alive\\r\\n\\r\\n`,
    lastRequest: `${head}Connection: close\\r\\n\\r\\n`,
  };
}
