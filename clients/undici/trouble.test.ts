import { errors } from "undici";
import { expect, test } from "vitest";
import { outcomeText } from "../../harness/load/outcome.ts";
import { failureOf } from "./trouble.ts";
import type { Stage } from "./trouble.ts";

/** An error in the form that Node uses. */
const told = (code: string, syscall?: string): Error =>
  Object.assign(new Error(code), syscall === undefined ? { code } : { code, syscall });

function words(stage: Stage, error: Error): string | null {
  const failure = failureOf(stage, error);
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
  expect(words("handshaking", told("ECONNRESET"))).toBe("connect truncated connect");
  expect(words("handshaking", told("ECONNRESET", "read"))).toBe("connect ECONNRESET handshake");
  expect(words("handshaking", told("CERT_HAS_EXPIRED"))).toBe("connect CERT_HAS_EXPIRED handshake");
});

test("undici's errors of responses", () => {
  const { HTTPParserError, ResponseContentLengthMismatchError, SocketError } = errors;
  expect(words("asking", new SocketError("other side closed"))).toBe("response truncated recv");
  expect(words("asking", new SocketError("bad response"))).toBe("response unexpected recv");
  expect(words("asking", new ResponseContentLengthMismatchError())).toBe("response truncated recv");
  expect(words("asking", new HTTPParserError("... (Invalid EOF state)"))).toBe("response truncated recv");
  expect(words("asking", new HTTPParserError("... (Expected HTTP/)"))).toBe("response unexpected recv");
});

test("an error that does not come from the peer is a fault of this program", () => {
  expect(failureOf("asking", new TypeError("undefined is not a function"))).toBeNull();
  expect(failureOf("asking", new errors.InvalidArgumentError("invalid request path"))).toBeNull();
});
