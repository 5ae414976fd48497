import { expect, test } from "vitest";
import { end, loadRun } from "../load/load-run.fixture.ts";
import { planOf } from "./hand-made.fixture.ts";
import { livePlan, liveTurn } from "./live.ts";

const to = { scheme: "https", address: "127.0.0.1", port: 8443, host: "127.0.0.1", path: "/" } as const;

test("a certificate is checked, unless the plan says that it is not", () => {
  expect(livePlan(planOf({ tls: true }), to, 1)).toMatchObject({ engine: "undici", insecure: false });
  expect(livePlan(planOf({ tls: true, insecure: true }), to, 1).insecure).toBe(true);
});

test.each([
  ["tls DEPTH_ZERO_SELF_SIGNED_CERT", /the server's certificate does not verify \(--insecure accepts it\)$/],
  ["tls ERR_TLS_CERT_ALTNAME_INVALID", /--insecure/],
  ["tls UNABLE_TO_VERIFY_LEAF_SIGNATURE", /--insecure/],
  ["connect ECONNREFUSED", /^no request succeeded: connect ECONNREFUSED$/],
])("an arm without an answer has its reason: %s", (outcome, sentence) => {
  const outcomes = { [outcome]: 97 };
  const run = loadRun({
    seconds: [],
    ends: [end({ outcomes, warmUp: { outcomes: {}, connections: 0 }, okInTime: 0 })],
  });
  expect(liveTurn(run)).toEqual({ fault: expect.stringMatching(sentence) });
});
