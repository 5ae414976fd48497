import { expect, test } from "vitest";
import { end, loadRun, PLAN, second } from "../load/load-run.fixture.ts";
import type { LoadRun } from "../load/load-run.ts";
import { loadFigures } from "../load/result.ts";
import { judgeThreshold, parseThreshold } from "../load/threshold.ts";
import { validity } from "../load/validity.ts";
import { type LoadDocument, loadJson, reportLoad } from "./load.ts";

function documentOf(run: LoadRun, ...thresholds: string[]): LoadDocument {
  const figures = loadFigures(run);
  const judged = validity(figures, run);
  return {
    figures,
    plan: run.plan,
    validity: judged,
    thresholds: thresholds.map((text) => judgeThreshold(parseThreshold(text), figures, judged.untrusted)),
    notes: ["localhost is 127.0.0.1."],
  };
}

const PLAIN = { colour: false, columns: 100, verbose: false };

test("a valid load, as text", () => {
  const text = reportLoad(
    documentOf(
      loadRun({}, { generator: 0.3, server: 0.9 }),
      "total.p99 > 50ms",
      "errors > 1%",
      "connect.p50 > 1us",
    ),
    PLAIN,
  );
  expect(text).toBe(`http://127.0.0.1:8080/
  raw engine, keep-alive, 11 connections, closed loop, 2.0 s after 1.0 s of warm-up

  latency, ms   p50   p75   p90   p95   p99  p99.9  max
  connect         -     -     -     -     -      -    -    no connection was opened after the warm-up
  first byte   50.0  75.0  90.0  95.0  99.0    100  100
  total        50.0  75.0  90.0  95.0  99.0    100  100

  requests   200, 100 a second
  errors     none
  sockets    11 used, warm-up included; 11 would be enough if none were closed
  TIME-WAIT  11 left at the client's end, 0 at the server's
  ended by   the client's FIN 11, the server's FIN 0, an RST 0
  segments   2.0 a request, in both directions
  ports      at most 11 of 28,232 in use towards port 8080; ports in TIME-WAIT can be used again
             after 1 s here
  generator  busiest thread on a processor for 27 % of the time, with work for 30 %; longest stall
             of its event loop: 1.00 ms
  server     busiest thread on a processor for 81 % of the time, with work for 90 %

  ✗ total.p99 > 50ms: crossed, it is 99.0 ms
  ✓ errors > 1%: kept, it is 0.00 %
  ? connect.p50 > 1us: could not be judged, because no connection was opened after the warm-up

  ✓ valid`);
});

test("a load that is not valid says why, and gives the reason for each figure that is missing", () => {
  const outcomes = { "connect ECONNREFUSED": 5, "response ECANCELED": 1 };
  const endedBy = null;
  const run = loadRun({
    plan: { ...PLAN, ratePerSecond: 47, threads: 2, requestsPerConnection: 7 },
    seconds: [second(1, { outcomes })],
    ends: [end({ outcomes, endedBy, backedOffMs: 900 })],
  });
  const text = reportLoad(documentOf(run), { ...PLAIN, verbose: true });
  expect(text).toMatch(/7 requests a connection, 11 connections, 47 a second, open loop, 2 threads,\s/);
  expect(text).toMatch(/errors +5 connect ECONNREFUSED; 1 were under way when the load was ended\n/);
  expect(text).toMatch(/ended by +\? \(raw cannot tell which end closed first\)\n/);
  expect(text).toMatch(/\? not valid\n {4}No request succeeded/);
  expect(text).toMatch(/\n +second +ok +errors +p50 ms +p99 ms +max ms\n +1 +0 +5 /);
  expect(text).toMatch(/\n {2}counter of this namespace +moved by\n {2}TcpOutSegs +600\n/);
});

test("the JSON has the documented fields first, and null if there is no number", () => {
  const json = loadJson(documentOf(loadRun(), "errors > 0")) as Record<string, unknown>;
  expect(Object.keys(json).slice(0, 11)).toEqual([
    ...["engine", "mode", "valid", "requests", "seconds", "perSecond", "latencyMs", "errors"],
    ...["cancelled", "socketsUsed", "perfectSockets"],
  ]);
  expect(json).toMatchObject({
    latencyMs: { connect: null, total: { p50: 50.015, p999: 100.031 } },
    timeWait: { client: 11, server: 0 },
    generator: { cpu: 0.27, lagMs: 1 },
    thresholds: [{ threshold: "errors > 0", outcome: "kept", value: 0 }],
    plan: { requestsPerConnection: null, ratePerSecond: null, connections: 11 },
    notMeasured: { "latencyMs.connect": "no connection was opened after the warm-up" },
  });
});

test("a load that is not valid names the figures that cannot be trusted", () => {
  const slow = reportLoad(documentOf(loadRun({}, { generator: 0.97, server: 0.62 })), PLAIN);
  expect(slow).toMatch(
    / \? not valid: do not trust the rate, first byte, total\n {4}The generator was the bottleneck/,
  );
  const stall = loadRun({ ends: [end({ seconds: 60, longestLagMs: 60, stalls: { 60: 1 } })] });
  expect(reportLoad(documentOf(stall, "total.max > 99ms"), PLAIN)).toMatch(
    /\? total\.max > 99ms: could not be judged, because the figure cannot be trusted\n\n {2}✓ valid, except for first byte p99\.9 max, total p99\.9 max$/,
  );
});

test("ports of which none was seen in use are none", () => {
  const text = reportLoad(documentOf(loadRun({ looks: [] })), PLAIN);
  expect(text).toMatch(/\n {2}ports +none of 28,232 seen in use towards port 8080;/);
});

test("a request with a body says so", () => {
  const body = { path: "/x/body", bytes: 1234 };
  const run = loadRun({ plan: { ...PLAN, method: "POST", body } });
  expect(reportLoad(documentOf(run), PLAIN)).toMatch(
    /closed loop, POST with a body of 1,234 bytes, 2\.0\s+s after/,
  );
});

test("failures have their reasons below the figures", () => {
  const outcomes = { ok: 190, "response line-too-long": 7, "status 404": 3 };
  const text = reportLoad(documentOf(loadRun({ ends: [end({ outcomes })] })), PLAIN);
  expect(text).toMatch(/ errors +7 response line-too-long, 3 status 404\n/);
  expect(text).toMatch(
    /\n {2}response line-too-long: a line of the response is longer than [^]*16,384 bytes/,
  );
});
