import { describe, expect, test } from "vitest";
import type { LatencyMs } from "../measure/load.ts";
import { end, group, HUNDRED, loadRun, look, PLAN, second, type Shares } from "./load-run.fixture.ts";
import type { LoadRun, Look } from "./load-run.ts";
import { loadFigures } from "./result.ts";
import { validity, type Validity } from "./validity.ts";

function judged(run: LoadRun): Validity {
  return validity(loadFigures(run), run);
}

test("a load in which nothing went wrong is valid, without a warning", () => {
  expect(judged(loadRun())).toEqual({ valid: true, because: [], warnings: [], untrusted: [] });
});

/** The generator has no slack, and half of the ports are taken. */
const SLOW = { generator: 0.97, server: 0.62 };
const HALF = [group("connector", "FIN-WAIT-2", 14_116)];

/** Half of the ports are taken from a second on, or from the end of the load on, and more connections are opened. */
function short(fromSeconds: number, shares?: Shares, changes: Partial<LoadRun> = {}): LoadRun {
  const opened = (at: number, count: number): Look => look(at, HALF, shares, { TcpActiveOpens: count });
  return loadRun(
    { looks: [look(0, [], shares), opened(fromSeconds, 14_116), opened(3.1, 14_500)], ...changes },
    shares,
  );
}

const open = { ...PLAN, ratePerSecond: 100 };
const refused = { ok: 100, "connect ECONNREFUSED": 100 };
const noPort = { ok: 190, "connect EADDRNOTAVAIL": 6000 };
const full = [look(0, []), look(2, [group("connector", "TIME-WAIT", 20)])];
const small = { ...loadRun().surroundings, portRange: "40000 40019" };

test.each<[string, LoadRun, RegExp[]]>([
  [
    "the generator had no slack, and the server had",
    loadRun({}, { generator: 0.97, server: 0.62 }),
    [
      /^The generator was the bottleneck: its busiest thread had work for 97 % of the time, the server's for 62 %/,
    ],
  ],
  [
    "the generator had no slack, and the server was not observed",
    loadRun({}, { generator: 0.97, server: null }),
    [/had work for 97 % of the time, and how busy the server was could not be read/],
  ],
  [
    "with a rate, the generator had no slack and did not report how late it was",
    loadRun({ plan: open }, { generator: 0.97, server: 0.1 }),
    [/^The generator was the bottleneck/],
  ],
  [
    "requests of a rate were begun late",
    loadRun({ plan: open, seconds: [second(1, { pacing: HUNDRED }), second(2, { pacing: HUNDRED })] }),
    [/^The generator was late: one request in a hundred was begun 99 ms or more after it was due/],
  ],
  [
    "the rate was not reached",
    loadRun({ plan: { ...open, ratePerSecond: 102 } }),
    [/^The rate was not reached: 100 of 102 requests a second were begun/],
  ],
  [
    "requests found no connection until the end",
    loadRun({ plan: open, ends: [end({ outcomes: { ok: 190, "never begun": 10 }, neverBegun: 10 })] }),
    [
      new RegExp(
        "^The rate could not be reached: 100 requests a second were due, and 96\\.7 a second were answered\\. At the end the load was " +
          "10 requests behind its plan\\. 10 of 200 requests were due and found no free connection until the end",
      ),
    ],
  ],
  [
    "only requests that had been due in the warm-up were answered",
    loadRun({
      plan: { ...open, ratePerSecond: 90_000 },
      seconds: [],
      ends: [
        end({
          outcomes: { "never begun": 180_000 },
          warmUp: { outcomes: { ok: 30_000, "never begun": 60_000 }, connections: 11 },
          okInTime: 0,
          neverBegun: 180_000,
        }),
      ],
    }),
    [
      new RegExp(
        "^The rate could not be reached: 90,000 requests a second were due, and 10,000 a second were answered\\. At the end the load was " +
          "240,000 requests behind its plan\\. All requests that were answered had become due in the warm-up",
      ),
    ],
  ],
  [
    "the generator stalled for long",
    loadRun({ ends: [end({ longestLagMs: 60, stalls: { 60: 2 } })] }),
    [
      /^The generator's event loop stalled for up to 60 ms while requests were under way, .*: total\.p99 \(99 ms\) can be/,
    ],
  ],
  [
    "it paused after failures",
    loadRun({ ends: [end({ outcomes: refused, backedOffMs: 500 })] }),
    [/^For 25 % of the time no request was begun, because the last ones had failed/],
  ],
  [
    "nothing succeeded",
    loadRun({ seconds: [], ends: [end({ outcomes: { "connect ECONNREFUSED": 4 }, backedOffMs: 2000 })] }),
    [/^No request succeeded/],
  ],
  [
    "ports ran out",
    loadRun({ ends: [end({ outcomes: noPort })], looks: full, surroundings: small }),
    [
      new RegExp(
        String.raw`^The ports ran out: 20 ports \(net\.ipv4\.ip_local_port_range 40000 to 40019\), all in use: 20 TIME-WAIT ` +
          String.raw`of this side towards 127\.0\.0\.1 port 8080\. 6,000 attempts found no port .*: 20 in 1 s\.$`,
      ),
    ],
  ],
  [
    "connect() was slow, because half of the ports were taken",
    short(1.1, SLOW),
    [
      /^The ports limited the load: for 95 % of the time, 14,116 or more of 28,232 ports towards the target were taken \(at most 14,116\)\. .* the rate and the times are not the server's\. A port is free again after 1 s, .* up to 14,116 connections a second\. More threads do not help: /,
    ],
  ],
  [
    "connect() was slow, and the generator had slack before that",
    short(2, { generator: 0.6, server: 0.5 }),
    [/^The ports limited the load: for 50 % of the time, .* free again after 1 s/],
  ],
  [
    "connect() was slow, and the server had no slack either",
    short(2, { generator: 0.95, server: 0.95 }),
    [/^The ports limited the load: for 50 % of the time/],
  ],
  [
    "connect() was slow in an open loop",
    short(2, { generator: 0.6, server: 0.5 }, { plan: open }),
    [/^The ports limited the load: .*, so the times are not the server's\./],
  ],
  [
    "it was ended from outside in its warm-up",
    loadRun({
      exit: { code: 130, signal: null, how: "interrupted", lastLines: [] },
      seconds: [],
      ends: [end({ seconds: 0, outcomes: {}, okInTime: 0 })],
      looks: [look(0, [], SLOW), look(0.9, HALF, SLOW)],
    }),
    [/^The load was ended from outside during its warm-up: nothing was measured\.$/],
  ],
  [
    "it was ended from outside",
    loadRun({
      exit: { code: 130, signal: null, how: "interrupted", lastLines: [] },
      ends: [end({ seconds: 1.2 })],
    }),
    [/^The load was ended from outside after 1\.2 of 2 s/],
  ],
  [
    "it had to be killed",
    loadRun({ exit: { code: null, signal: "SIGKILL", how: "overdue", lastLines: [] }, ends: [] }),
    [/did not end in time, and was killed/],
  ],
  [
    "its program died",
    loadRun({ exit: { code: null, signal: "SIGSEGV", how: "own", lastLines: [] }, ends: [] }),
    [/^The load program ended by SIGSEGV\.$/],
  ],
  [
    "its program failed",
    loadRun({ exit: { code: 70, signal: null, how: "own", lastLines: ["a", "no descriptor"] } }),
    [/^The load program ended with code 70: no descriptor$/],
  ],
])("not valid: %s", (_, run, reasons) => {
  expect(judged(run)).toMatchObject({
    valid: false,
    because: reasons.map((reason) => expect.stringMatching(reason) as string),
  });
});

test.each<[string, LoadRun, RegExp]>([
  [
    "both had no slack",
    loadRun({}, { generator: 0.99, server: 0.93 }),
    /^Server and generator both had work all the time \(93 % and 99 %\)/,
  ],
  [
    "nearly half of the ports were taken",
    loadRun({ looks: [look(0, []), look(2, [group("connector", "FIN-WAIT-2", 12_000)])] }),
    /^12,000 of 28,232 ports towards the target were taken\. From 14,116 on, connect\(\) is slow, because/,
  ],
  [
    "half of the ports were taken at the very end",
    short(2.99),
    /^14,116 of 28,232 ports .* From 14,116 on, connect\(\) is slow, as it was for 10 ms, because/,
  ],
  [
    "some attempts failed",
    loadRun({ ends: [end({ outcomes: { ok: 200, "status 503": 50 } })] }),
    /^20 % of the attempts failed; the times are those of the attempts that succeeded/,
  ],
  [
    "looks were rare",
    loadRun({ cost: { looks: 4, totalMs: 99, longestMs: 40, everyMs: 1000 } }),
    /^Sockets were observed only every 1000 ms at times, because a sample took up to 40 ms/,
  ],
  [
    "the generator waited for a processor",
    loadRun({}, { generator: 0.8, server: 0.8, waiting: 0.5 }),
    /^The generator's busiest thread waited for a processor for 40 % of the time, the server's for 40 %/,
  ],
  [
    "the server waited for a processor",
    loadRun({}, { generator: 0.05, server: 0.8, waiting: 0.5 }),
    /^The generator's busiest thread waited for a processor for 3 % of the time, the server's for 40 %/,
  ],
])("valid, with a warning: %s", (_, run, warning) => {
  expect(judged(run)).toMatchObject({
    valid: true,
    because: [],
    warnings: expect.arrayContaining([expect.stringMatching(warning)]) as string[],
  });
});

test("ports are the subject of one sentence at most", () => {
  for (const run of [short(1.1, SLOW), short(2, { generator: 0.95, server: 0.95 }), short(2.99), short(4)]) {
    const { because, warnings } = judged(run);
    const all = [...because, ...warnings];
    expect(all.filter((one) => /port|parity|connect\(\)/.test(one))).toHaveLength(1);
    expect(all.filter((one) => /bottleneck|rate is the limit of a server/.test(one))).toEqual([]);
  }
});

test("a rate that ports limit cannot be trusted, and neither can the times; with a rate, the times cannot", () => {
  expect(judged(short(2)).untrusted).toEqual(expect.arrayContaining(["perSecond", "total.p50", "total.max"]));
  const { untrusted } = judged(short(2, undefined, { plan: open }));
  expect(untrusted).toContain("total.p50");
  expect(untrusted).not.toContain("perSecond");
});

test("a small range is never slow: its ports run out", () => {
  const narrow = { ...loadRun().surroundings, portRange: "40000 40019" };
  const { valid, warnings } = judged(short(1.1, undefined, { surroundings: narrow }));
  expect([valid, warnings.filter((one) => one.includes("ports"))]).toEqual([true, []]);
});

test("ports that ran out without a sample of them are not counted as if they were", () => {
  const run = loadRun({ ends: [end({ outcomes: noPort })], looks: [look(0, [])], surroundings: small });
  expect(judged(run).because).toEqual([
    expect.stringMatching(/40019\), none seen in use by this side towards 127/),
  ]);
});

const LAG = loadRun({
  plan: { ...PLAN, durationMs: 60_000 },
  ends: [end({ seconds: 60, longestLagMs: 140, stalls: { 140: 10 } })],
});

/** A load of 60 s with a stall of 140 ms in which ten requests were under way, and these times. */
function withTimes(times: Partial<LatencyMs>): Validity {
  const figures = loadFigures(LAG);
  const { total } = figures.latencyMs;
  if (total === null) throw new Error("these seconds have times");
  const latencyMs = { connect: null, firstByte: null, total: { ...total, ...times } };
  return validity({ ...figures, latencyMs }, LAG);
}

describe("a stall of the generator", () => {
  test("that is longer than the longest time delayed no request of the figures", () => {
    expect(judged(LAG)).toEqual({ valid: true, because: [], warnings: [], untrusted: [] });
  });

  test("makes only those figures doubtful that it can explain", () => {
    expect(withTimes({ count: 100_000, p99: 9.8, p999: 30, max: 150 })).toEqual({
      valid: true,
      because: [],
      warnings: [
        expect.stringMatching(/stalled for up to 140 ms .*: total\.max \(150 ms\) can be the generator's/),
      ],
      untrusted: ["total.max"],
    });
  });

  test("makes a p99 doubtful if as many requests were under way in it as are above the p99", () => {
    const few = withTimes({ count: 1001, p99: 145, p999: 148, max: 150 });
    expect([few.valid, few.untrusted]).toEqual([true, ["total.p999", "total.max"]]);
    const many = withTimes({ count: 1000, p99: 145, p999: 148, max: 150 });
    expect([many.valid, many.untrusted]).toEqual([false, ["total.p99", "total.p999", "total.max"]]);
  });

  test("is named with its length as far as it explains the times", () => {
    const run = loadRun({ ends: [end({ longestLagMs: 100, stalls: { 100: 5, 70: 1, 60: 1 } })] });
    expect(judged(run).because).toEqual([
      expect.stringMatching(/stalled for up to 70 ms .*: total\.p99 \(99 ms\) can/),
    ]);
  });

  test("does not explain times that are far longer than it", () => {
    expect(withTimes({ count: 1000, p99: 281, p999: 290, max: 300 })).toMatchObject({
      valid: true,
      untrusted: [],
    });
  });
});

test("of a few requests without a connection, the longest times are missing, and the p99 stands", () => {
  const run = loadRun({
    plan: { ...PLAN, ratePerSecond: 100 },
    ends: [end({ outcomes: { ok: 199, "never begun": 1 }, neverBegun: 1 })],
  });
  expect(judged(run)).toMatchObject({
    valid: true,
    warnings: [expect.stringMatching(/^1 of 200 requests were due and found no free connection/) as string],
    untrusted: ["firstByte.p999", "firstByte.max", "total.p999", "total.max"],
  });
});

test("a reason names the figures that it is about", () => {
  expect(judged(loadRun({ plan: { ...PLAN, ratePerSecond: 102 } })).untrusted).toEqual(["perSecond"]);
  const { untrusted } = judged(loadRun({}, { generator: 0.97, server: 0.62 }));
  expect(untrusted).toEqual(expect.arrayContaining(["perSecond", "firstByte.p50", "total.p99", "total.max"]));
  // No connection was opened after the warm-up, so there is no such time.
  expect(untrusted).not.toContain("connect.p50");
});

test("connections that waited for a retry of their SYN get a warning with its cause", () => {
  const figures = loadFigures(loadRun());
  const connects = { afterRetry: 7, backlog: 5 };
  const latencyMs = { ...figures.latencyMs, connect: figures.latencyMs.total };
  const warned = (counters: Record<string, number>): string[] =>
    validity({ ...figures, connects, latencyMs, counters }, loadRun()).warnings;
  expect(warned({ TcpExtListenOverflows: 23 })).toEqual([
    expect.stringMatching(
      /^7 of 200 connections took 1 s or longer to open, .* full 23 times .* limit of 5\)/,
    ),
  ]);
  expect(warned({})).toEqual([expect.stringMatching(/^7 of 200 .*lost on the way/)]);
  expect(validity({ ...figures, latencyMs }, loadRun()).warnings).toEqual([]);
});
