import { errors } from "undici";
import { expect, test } from "vitest";
import { outcomeText } from "../../harness/load/outcome.ts";
import { failureOf } from "./trouble.ts";
import type { Stage } from "./trouble.ts";

/** An error in the form that Node uses. */
const told = (code: string, syscall?: string): Error =>
  Object.assign(new Error(code), syscall === undefined ? { code } : { code, syscall });

function words(stage: Stage, error: Error, begun = true, reset = false): string | null {
  const failure = failureOf(stage, error, { begun, reset });
  return failure === null ? null : `${outcomeText(failure)} ${failure.call}`;
}

test("Node's errors of system calls", () => {
  expect(words("connecting", told("ECONNREFUSED", "connect"))).toBe("connect ECONNREFUSED connect");
  expect(words("connecting", told("EADDRNOTAVAIL", "connect"))).toBe("connect EADDRNOTAVAIL connect");
  expect(words("connecting", told("ECONNRESET", "connect"))).toBe("request ECONNRESET send");
  expect(words("asking", told("ECONNRESET", "read"))).toBe("response ECONNRESET recv");
  expect(words("asking", told("EPIPE", "write"))).toBe("request EPIPE send");
});

test("a FIN in a TLS handshake is not an RST, although Node uses one code for both", () => {
  expect(words("handshaking", told("ECONNRESET"))).toBe("tls truncated handshake");
  expect(words("handshaking", told("ECONNRESET", "read"))).toBe("tls ECONNRESET handshake");
  expect(words("handshaking", told("CERT_HAS_EXPIRED"))).toBe("tls CERT_HAS_EXPIRED handshake");
});

test("an RST that Node shows as a FIN is an RST", () => {
  const { HTTPParserError, ResponseContentLengthMismatchError, SocketError } = errors;
  for (const error of [
    new SocketError("other side closed"),
    new ResponseContentLengthMismatchError(),
    new HTTPParserError("... (Invalid EOF state)"),
  ]) {
    expect(words("asking", error, true, true)).toBe("response ECONNRESET recv");
  }
  expect(words("handshaking", told("ECONNRESET"), true, true)).toBe("tls ECONNRESET handshake");
});

test("undici's errors of responses", () => {
  const { HTTPParserError, ResponseContentLengthMismatchError, SocketError } = errors;
  expect(words("asking", new SocketError("other side closed"))).toBe("response truncated recv");
  expect(words("asking", new SocketError("other side closed"), false)).toBe("response empty recv");
  expect(words("asking", new SocketError("bad response"))).toBe("response unexpected recv");
  expect(words("asking", new SocketError("bad upgrade"))).toBe("response upgraded recv");
  expect(words("asking", new ResponseContentLengthMismatchError())).toBe("response truncated recv");
  expect(words("asking", new HTTPParserError("... (Invalid EOF state)"))).toBe("response truncated recv");
  expect(words("asking", new HTTPParserError("... (Invalid EOF state)"), false)).toBe("response empty recv");
});

test.each([
  ["Expected HTTP/, RTSP/ or ICE/", "not-http"],
  ["Invalid HTTP version", "not-http"],
  ["Invalid header token", "bad-head"],
  ["Missing expected LF after header value", "bad-head"],
  ["Content-Length can't be present with Transfer-Encoding", "bad-head"],
  ["Invalid character in chunk size", "bad-chunk"],
  ["Expected LF after chunk data", "bad-chunk"],
  ["Data after `Connection: close`", "extra-bytes"],
  ["Something new", "unexpected"],
])("the parser's message %j is %s", (message, code) => {
  const error = new errors.HTTPParserError(`Response does not match the HTTP/1.1 protocol (${message})`);
  expect(words("asking", error)).toBe(`response ${code} recv`);
});

test("an error that does not come from the peer is a fault of this program", () => {
  const came = { begun: true, reset: false };
  expect(failureOf("asking", new TypeError("undefined is not a function"), came)).toBeNull();
  expect(failureOf("asking", new errors.InvalidArgumentError("invalid request path"), came)).toBeNull();
});
