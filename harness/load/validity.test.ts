import { expect, test } from "vitest";
import { end, group, HUNDRED, loadRun, look, PLAN, second } from "./load-run.fixture.ts";
import type { LoadRun } from "./load-run.ts";
import { loadFigures } from "./result.ts";
import { validity, type Validity } from "./validity.ts";

function judged(run: LoadRun): Validity {
  return validity(loadFigures(run), run);
}

test("a load in which nothing went wrong is valid, without a warning", () => {
  expect(judged(loadRun())).toEqual({ valid: true, because: [], warnings: [] });
});

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
    [/had work for 97 % of the time, and the server's processor time could not be read/],
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
    [/^10 of 200 requests were due and found no free connection until the end/],
  ],
  [
    "the generator stalled for long",
    loadRun({ ends: [end({ longestLagMs: 21 })] }),
    [/^The generator's event loop stalled for 21 ms at a stretch/],
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
          String.raw`of this side towards 127\.0\.0\.1 port 8080\. 6,000 attempts found no port`,
      ),
    ],
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
    "half of the ports were taken",
    loadRun({ looks: [look(0, []), look(2, [group("connector", "FIN-WAIT-2", 14_116)])] }),
    /^14,116 of 28,232 ports towards the target were taken\. From 14,116 on/,
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

test("connections of other programs get a warning when there are many", () => {
  const among = (opened: number): Validity =>
    judged(
      loadRun({
        looks: [look(0, []), look(3.1, [], undefined, { TcpActiveOpens: opened, TcpOutSegs: 600 })],
      }),
    );
  expect(among(11 + 9).warnings).toEqual([]);
  expect(among(11 + 10).warnings).toEqual([
    "10 other connections were opened in this network namespace meanwhile: the segments include theirs.",
  ]);
});

test("a lag gets a warning when it is among the longest times", () => {
  const long = loadRun({
    plan: { ...PLAN, durationMs: 60_000 },
    ends: [end({ seconds: 60, longestLagMs: 150 })],
  });
  expect(judged(long)).toEqual({
    valid: true,
    because: [],
    warnings: [expect.stringMatching(/stalled for 150 ms once/)],
  });
  const short = loadRun({ ends: [end({ seconds: 60, longestLagMs: 90 })] });
  expect(judged(short).warnings).toEqual([]);
});
