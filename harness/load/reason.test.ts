import { expect, test } from "vitest";
import { classify, ODDITIES, outcomeText } from "./outcome.ts";
import { PLAN } from "./load-run.fixture.ts";
import { reasonOf, reasonsOf } from "./reason.ts";

test("every oddity of a response that the raw engine finds has its reason", () => {
  const outcomes = ODDITIES.map((why) => outcomeText(classify("response", { kind: "unexpected", why })));
  expect(new Set(outcomes).size).toBe(ODDITIES.length);
  const reasons = outcomes.map((outcome) => reasonOf(outcome, "raw", "http"));
  expect(reasons).not.toContain(null);
  expect(new Set(reasons).size).toBe(ODDITIES.length);
});

test("a server that closes without a byte is told from one that closes in the middle", () => {
  const [none, some] = [false, true].map((begun) =>
    outcomeText(classify("response", { kind: "eof", begun })),
  );
  expect([none, some]).toEqual(["response empty", "response truncated"]);
  expect(reasonOf(none ?? "", "raw", "http")).toMatch(/without a byte .* use https:\/\//);
  expect(reasonOf(none ?? "", "raw", "tcp")).not.toMatch(/https/);
});

test("a certificate that is refused names --insecure, and --ca where another authority cures it", () => {
  const refused = outcomeText(
    classify("tls", { kind: "errno", call: "handshake", code: "DEPTH_ZERO_SELF_SIGNED_CERT" }),
  );
  expect(refused).toBe("tls DEPTH_ZERO_SELF_SIGNED_CERT");
  expect(reasonOf(refused, "undici", "https")).toMatch(
    /signed by itself, .* add --ca FILE .* or --insecure, /,
  );
  expect(reasonOf("tls CERT_HAS_EXPIRED", "undici", "https")).toMatch(/has expired: .* add --insecure, /);
});

test("reasons are of the failures that there were", () => {
  expect(reasonsOf({ "status 404": 3, "response line-too-long": 2 }, PLAN)).toEqual({
    "response line-too-long": expect.stringContaining("16,384 bytes") as string,
  });
});
