import { expect, test } from "vitest";
import { end, group, loadRun, look } from "../load/load-run.fixture.ts";
import type { LoadRun, Look } from "../load/load-run.ts";
import type { Turn } from "../model/comparison.ts";
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

test("a turn without an answer in time has no result, and the reason names --duration", () => {
  const sent = { outcomes: { ok: 0 }, warmUp: { outcomes: { ok: 7 }, connections: 7 }, okInTime: 0 };
  const late = { outcomes: { ok: 7 }, okInTime: 0 };
  for (const changes of [sent, late]) {
    expect(liveTurn(loadRun({ ends: [end(changes)] }))).toEqual({
      fault: "no answer came within the turn of 2.0 s (a longer --duration makes turns longer)",
    });
  }
});

/** Looks at a server whose worker threads end: they are in no look, and only the time of the process has them. */
const looks = [1.1, 2, 2.9].map((at) => ({
  ...look(at, [group("connector", "ESTABLISHED", 11)], undefined, { TcpActiveOpens: 211 * at }),
  server: [{ pid: 47, tid: 47, ranMs: 1, waitedMs: 0 }],
  serverCpuMs: 700 * at,
}));

function turnOf(run: LoadRun): Turn {
  const read = liveTurn(run);
  if ("fault" in read) throw new Error(read.fault);
  return read.turn;
}

test("the server's processor time has that of threads that have ended", () => {
  const { serverCores, serverCpuUs } = turnOf(loadRun({ looks }));
  expect(serverCores).toBeCloseTo(0.7, 9);
  expect(serverCpuUs).toBeCloseTo(7000, 6);
});

test("a server whose processes used no time has no cost of a request, instead of 0", () => {
  const run = loadRun({ looks: looks.map((one) => ({ ...one, serverCpuMs: 47 })) });
  expect(liveTurn(run)).toMatchObject({
    turn: { serverCores: null, serverCpuUs: null },
    unseen: { serverCpuUs: "the processes that listen used no processor time, so others answer" },
  });
});

test("a server that closes after each answer is noticed", () => {
  const closing = end({ connections: 200, warmUp: { outcomes: { ok: 100 }, connections: 111 } });
  expect(turnOf(loadRun({ ends: [closing] })).closedAfter).toBe(1);
  expect(turnOf(loadRun()).closedAfter).toBeNull();
});

test("connect() that was slow for want of ports is noticed", () => {
  const half = (at: number, opened: number): Look =>
    look(at, [group("connector", "FIN-WAIT-2", 14_116)], undefined, { TcpActiveOpens: opened });
  const full = loadRun({ looks: [look(0, []), half(1.5, 14_116), half(2.9, 14_400)] });
  expect(turnOf(full).ports).toEqual({ most: 14_116, taken: 14_116, range: 28_232, keptS: 1, slow: true });
  expect(turnOf(loadRun()).ports).toMatchObject({ taken: 11, slow: false });
});

test("a turn that Ctrl+C ended was interrupted", () => {
  const exit = { code: 130, signal: null, how: "interrupted" as const, lastLines: [] };
  expect(liveTurn(loadRun({ exit }))).toEqual({ fault: "the comparison was interrupted" });
});
