import { expect, test } from "vitest";
import { classify, outcomeText } from "./outcome.ts";

const PHASES = ["connect", "tls", "request", "response", "close"] as const;

test("a wait that failed is named after the call that it waited for", () => {
  expect(PHASES.map((phase) => classify(phase, { kind: "timeout" }))).toEqual([
    { phase: "connect", code: "timeout", call: "connect" },
    { phase: "tls", code: "timeout", call: "handshake" },
    { phase: "request", code: "timeout", call: "send" },
    { phase: "response", code: "timeout", call: "recv" },
    { phase: "close", code: "timeout", call: "recv" },
  ]);
});

test("a call that failed is named with its errno", () => {
  expect(classify("connect", { kind: "errno", call: "socket", code: "EMFILE" })).toEqual({
    phase: "connect",
    code: "EMFILE",
    call: "socket",
  });
  expect(classify("connect", { kind: "errno", call: "connect", code: "ECONNREFUSED" }).phase).toBe("connect");
  expect(classify("response", { kind: "errno", call: "recv", code: "ECONNRESET" }).phase).toBe("response");
});

test("a reset before the request is the request's failure, because the connection existed", () => {
  expect(classify("connect", { kind: "errno", call: "connect", code: "ECONNRESET" })).toEqual({
    phase: "request",
    code: "ECONNRESET",
    call: "send",
  });
});

test("our own codes", () => {
  expect(classify("response", { kind: "eof", begun: true })).toEqual({
    phase: "response",
    code: "truncated",
    call: "recv",
  });
  expect(classify("response", { kind: "unexpected", why: "bad-chunk" }).code).toBe("bad-chunk");
  expect(outcomeText(classify("response", { kind: "refused", status: 503 }))).toBe("status 503");
  expect(outcomeText(classify("response", { kind: "refused", status: 404 }))).toBe("status 404");
  expect(classify("connect", { kind: "cancelled" }).code).toBe("ECANCELED");
});

test("an outcome in words", () => {
  expect(outcomeText("ok")).toBe("ok");
  expect(outcomeText("never begun")).toBe("never begun");
  expect(outcomeText({ phase: "connect", code: "EADDRNOTAVAIL", call: "connect" })).toBe(
    "connect EADDRNOTAVAIL",
  );
});
