import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Arm, Comparison, Contrast, Estimate } from "../model/comparison.ts";
import { sentencesOf } from "./sentences.ts";

// What `lastack compare --json` printed once, on a machine of two cores.
const page = readFileSync(new URL("recorded/comparison.json", import.meta.url), "utf8");
const recorded = JSON.parse(page) as Comparison & { sentences: string[] };

const sure = (value: number): Estimate => ({ median: value, low: value, high: value });
const text = (changes: Partial<Comparison>): string => sentencesOf({ ...recorded, ...changes }).join("\n");
const contrasts = (change: (one: Contrast) => Partial<Contrast>): Contrast[] =>
  recorded.contrasts.map((one) => ({ ...one, ...change(one) }));
const arms = (change: (one: Arm) => Partial<Arm>): Arm[] =>
  recorded.arms.map((one) => ({ ...one, ...change(one) }));
const armAt = (rttMs: number, id: string): Arm =>
  recorded.arms.find((one) => one.rttMs === rttMs && one.id === id)!;

test("the sentences of a recorded comparison are those that it printed, and follow from its figures", () => {
  expect(sentencesOf(recorded)).toEqual(recorded.sentences);
  const said = recorded.sentences.join("\n");
  const [short, kept] = [armAt(0, "short"), armAt(0, "keep-alive")];
  const figure = (value: number, count: number): string => value.toPrecision(count);
  const grouped = ({ perSecond }: Arm): string => Math.round(perSecond.median).toLocaleString("en-US");
  const [ratio, cpu] = [recorded.contrasts[0]!.rate, [kept, short].map((arm) => arm.serverCpuUs!.median)];
  expect(said).toContain(
    `At 0 ms, keep-alive serves ${figure(ratio.median, 2)} times (${figure(ratio.low!, 2)}-${figure(ratio.high!, 2)}) as many ` +
      `requests a second as a connection for each request (${grouped(kept)} instead of ${grouped(short)}), and the server spends ${figure(cpu[0]!, 3)} us of processor time ` +
      `on a request instead of ${figure(cpu[1]!, 3)}: 2 segments a request instead of 10.`,
  );
  expect(kept.perSecond.median).toBeGreaterThan(2 * short.perSecond.median);
  expect([short.segments?.median.toFixed(0), kept.segments?.median.toFixed(0)]).toEqual(["10", "2"]);
  const later = armAt(20, "short").totalMs!.p50.median - armAt(20, "keep-alive").totalMs!.p50.median;
  expect(said).toMatch(
    new RegExp(
      `At 20 ms, .* over a new connection comes ${figure(later, 2)} ms later \\([\\d.]+ ms instead of [\\d.]+\\): 1\\.\\d round trips`,
    ),
  );
  expect(later).toBeGreaterThan(18);
  expect(later).toBeLessThan(38);
  expect(said).toMatch(/With 5 or more requests, a connection saves most .*: 5 save \d\d % of the /);
  // A figure, and not a step.
  expect(said).toContain(
    `costs about ${figure(recorded.held!.serverBytes!.median / 1000, 2)} kB of the server's process memory`,
  );
  expect(said).not.toMatch(/less than|at least|at most|next to/);
  expect(said).toMatch(
    /can sustain 235 short .* \(14,116 of 28,232 ports in 60 s\).* with more of them taken connect\(\) is slow.* The runs at 0 ms \([\d,]+ a second\) and 1 ms \([\d,]+ a second\) exceeded that, .* at 20 ms \(\d+ a second\) did not exceed it\./,
  );
  expect(armAt(20, "short").connectionsPerSecond.median).toBeLessThan(235);
  expect(armAt(1, "short").connectionsPerSecond.median).toBeGreaterThan(235);
  expect(said).toMatch(/At 1 ms and 20 ms, every arm is limited by round trips/);
});

describe("other figures change the sentences", () => {
  test("if keep-alive does not serve more requests, no sentence says that it saves anything", () => {
    const same = text({ contrasts: contrasts(() => ({ rate: { median: 1, low: 0.9, high: 1.2 } })) });
    expect(same).toMatch(
      /no clear difference between keep-alive and .*: 1\.0 times \(0\.90-1\.2\) as many .* \([\d,]+ instead of [\d,]+\)/,
    );
    expect(same).toMatch(
      /Nothing that was measured here is a reason against short connections: .* at most 1\.2 times/,
    );
    expect(same).not.toMatch(/save most|right choice/);
    const fewer = text({ contrasts: contrasts(() => ({ rate: sure(0.5) })) });
    expect(fewer).toMatch(/At 0 ms, keep-alive serves 0\.50 times \(0\.50-0\.50\) as many requests a second/);
    const wide = text({ contrasts: contrasts(() => ({ rate: { median: 1, low: 0.5, high: 6 } })) });
    expect(wide).not.toMatch(/reason against/);
  });

  test("two more round trips, as with TLS, are counted as two", () => {
    const tls = contrasts(({ rttMs }) => ({ laterMs: sure(2.1 * (rttMs ?? 0)) }));
    expect(text({ contrasts: tls })).toMatch(/At 20 ms, .* comes 42 ms later \(.*\): 2\.1 round trips/);
    expect(text({ contrasts: tls })).toMatch(/Each request then costs two more round trips/);
  });

  test("the measured share decides how many requests save most; if its interval is too wide, the segments do", () => {
    const from = (share: Estimate, ofSegments: Estimate | null): string =>
      text({
        contrasts: contrasts(({ saved }) => ({
          saved: saved.map((one) => (one.requestsEach === 2 ? { ...one, share, ofSegments } : one)),
        })),
      });
    expect(from(sure(0.7), sure(0.5))).toMatch(
      /With 2 or more requests, a connection saves most .*: 2 save 70 % of the work at 0 ms and 70 % of the time at 1 ms and 20 ms/,
    );
    expect(from(sure(0.5), sure(0.7))).toMatch(/With 5 or more requests, a connection saves most/);
    expect(from({ median: 0.65, low: 0.1, high: 0.9 }, sure(0.5))).toMatch(/5 or more requests/);
    expect(from({ median: 0.55, low: 0.1, high: 0.9 }, sure(0.7))).toMatch(
      /2 or more requests, .*: 2 save 70 % of the segments at 0 ms, 1 ms and 20 ms/,
    );
    const none = contrasts(({ saved }) => ({ saved: saved.map((one) => ({ ...one, share: sure(0.1) })) }));
    expect(text({ contrasts: none })).toMatch(
      /No number of requests a connection that was tried saves 60 % .*: 100 save 10 % of the work at 0 ms/,
    );
  });

  test("the cost of an idle connection is what was measured; what was not measured is left out", () => {
    const held = recorded.held!;
    expect(text({ held: { ...held, serverBytes: sure(18_960) } })).toMatch(/about 19 kB of the server's/);
    expect(text({ held: { ...held, clientBytes: sure(-300) } })).not.toMatch(/client's, a descr/);
    expect(text({ held: { ...held, segmentsPerSecond: sure(0.01) } })).toMatch(/, 0\.010 segments a second/);
    expect(text({ held: { ...held, cpuUsPerSecond: sure(512) } })).toMatch(/ 512 us of processor time/);
    expect(text({ held: { ...held, repetitions: 2 } })).toMatch(/at both ends a second \(2 of 3 trials\)\./);
    expect(text({ held: null })).not.toMatch(/idle connection costs/);
  });

  test("the sentence on ports depends on how fast they are taken, and on the end that keeps them", () => {
    const slow = text({ arms: arms(() => ({ connectionsPerSecond: sure(100) })) });
    expect(slow).toMatch(
      /The runs at 0 ms \(100 a second\), 1 ms \(100 a second\) and 20 ms \(100 a second\) did not exceed it/,
    );
    expect(text({ arms: arms(() => ({ timeWait: { client: 0, server: 97 } })) })).toMatch(
      /: the end that closes first keeps/,
    );
    const ports = { most: 7, taken: 7, range: 28_232, keptS: 1, slow: false };
    expect(text({ arms: arms(() => ({ ports })) })).toMatch(
      /can sustain 14,116 short connections a second to one server port \(14,116 of 28,232 ports in 1 s\): .* reuses it after 1 s/,
    );
    expect(text({ arms: arms(() => ({ ports: { ...ports, range: 20 } })) })).toMatch(
      /can sustain 20 short .* \(20 ports in 1 s\): .* after 1 s\. The/,
    );
  });

  test("the limit of each arm is named", () => {
    const mixed = arms(({ id, rttMs }) => ({
      limitedBy: id === "short" && rttMs === 0 ? "ports" : "client CPU",
    }));
    expect(text({ arms: mixed })).toMatch(
      /At 0 ms, short is limited by ports \(6,048 of 28,232 ports were taken\); 2, 5, 10, 100 and keep-alive are limited by the client's/,
    );
    expect(text({ arms: mixed })).toMatch(
      /At \d+ ms, every arm is limited by the client's processor time \(CPU us times requests\/s: [\d.]+ to [\d.]+ of a processor\)/,
    );
  });

  test("a sentence says that https went through undici", () => {
    expect(text({ engine: "undici" })).toMatch(/Every arm went through undici/);
    expect(text({})).not.toMatch(/undici/);
  });

  test("with a server that already runs, no round-trip time is named", () => {
    const here = {
      plan: { ...recorded.plan, rttsMs: [] },
      contrasts: recorded.contrasts.slice(0, 1).map((one) => ({ ...one, rttMs: null })),
      arms: recorded.arms.slice(0, 6).map((one) => ({ ...one, rttMs: null })),
    };
    expect(text(here)).toMatch(/^Here, keep-alive serves/);
    expect(text(here)).not.toMatch(/ ms[ ,]/);
  });
});

test("noise that moves no interval across a mark changes figures, and no sentence", () => {
  const factor = fc.double({ min: 0.97, max: 1.03, noNaN: true });
  const shaken = (by: number, { median, low, high }: Estimate): Estimate => ({
    median: median * by,
    low: low === null ? null : low * by,
    high: high === null ? null : high * by,
  });
  fc.assert(
    fc.property(factor, factor, (a, b) => {
      const noisy = {
        contrasts: contrasts(({ rate, laterMs }) => ({
          rate: shaken(a, rate),
          laterMs: laterMs && shaken(b, laterMs),
        })),
        arms: arms(({ perSecond, connectionsPerSecond }) => ({
          perSecond: shaken(a, perSecond),
          connectionsPerSecond: shaken(b, connectionsPerSecond),
        })),
      };
      const kinds = (sentences: string[]): string[] =>
        sentences.map((one) => one.replaceAll(/\d[\d.,]*/g, "#"));
      expect(kinds(sentencesOf({ ...recorded, ...noisy }))).toEqual(kinds(recorded.sentences));
    }),
  );
});

test("for any figures, each sentence is whole, and none contains NaN, null or Infinity", () => {
  const figure = fc.double({ min: 0, max: 1e6, noNaN: true });
  const estimate = fc
    .tuple(figure, figure, figure)
    .map((three) => three.toSorted((a, b) => a - b))
    .map(([low = 0, median = 0, high = 0]): Estimate => ({ low, median, high }));
  fc.assert(
    fc.property(
      estimate,
      estimate,
      fc.option(estimate),
      fc.constantFrom("time", "work"),
      (rate, share, some, dear) => {
        const changed = contrasts(({ saved }) => ({
          rate,
          dear,
          laterMs: some,
          serverCpu: some,
          saved: saved.map((one) => ({ ...one, share, ofSegments: some })),
        }));
        const held = { ...recorded.held!, serverBytes: some, clientBytes: some, cpuUsPerSecond: some };
        for (const sentence of sentencesOf({ ...recorded, contrasts: changed, held })) {
          expect(sentence).toMatch(/^[A-Z].*\.$/);
          expect(sentence).not.toMatch(/NaN|null|undefined|Infinity/);
        }
      },
    ),
  );
});

describe("what rests on too few repetitions", () => {
  const missing = (rttMs: number, measured: number): Partial<Comparison> => ({
    arms:
      measured === 0
        ? recorded.arms.filter((arm) => arm.rttMs !== rttMs)
        : arms((arm) => (arm.rttMs === rttMs ? { repetitions: measured } : {})),
    contrasts: recorded.contrasts.filter((one) => measured > 0 || one.rttMs !== rttMs),
  });

  test("is not concluded, if there are fewer than two", () => {
    const none = text(missing(0, 0));
    expect(none).toMatch(/^At 0 ms, nothing is concluded, because none of 5 repetitions was measured\./);
    expect(none.match(/0 ms/g)).toHaveLength(none.match(/[12]0 ms|0 ms,/g)!.length);
    expect(none).toMatch(/This was measured at 1 ms and 20 ms only\./);
    const one = text(missing(0, 1));
    expect(one).toMatch(/^At 0 ms, nothing is concluded, because only one of 5 repetitions was measured\./);
    expect(one).not.toMatch(/At 0 ms, keep-alive/);
  });

  test("says so, if some are missing", () => {
    const some = text(missing(0, 3));
    expect(some).toMatch(/At 0 ms \(3 of 5 repetitions\), keep-alive serves/);
    expect(some).toMatch(/At 0 ms \(3 of 5 repetitions\), every arm is limited/);
    expect(some).toMatch(/measured at 0 ms \(3 of 5 repetitions\), 1 ms and 20 ms only\./);
  });

  test("is no reason for or against short connections, if a round-trip time is missing", () => {
    const level = { median: 1, low: 0.95, high: 1.1 };
    const all = { contrasts: contrasts(() => ({ rate: level })) };
    expect(text(all)).toMatch(/Nothing that was measured here is a reason against/);
    const two = { ...missing(0, 0), contrasts: all.contrasts.filter(({ rttMs }) => rttMs !== 0) };
    expect(text(two)).not.toMatch(/reason against/);
  });

  test("is not concluded from one repetition, if only one was asked for", () => {
    const once = { plan: { ...recorded.plan, repetitions: 1 }, arms: arms(() => ({ repetitions: 1 })) };
    expect(text(once)).toMatch(
      /^At 0 ms, 1 ms and 20 ms, nothing is concluded, because one repetition does not show how much/,
    );
  });
});

test("a place without a contrast is no reason for or against short connections, and nothing is compared there", () => {
  const level = contrasts(() => ({ rate: { median: 1, low: 0.95, high: 1.1 } }));
  const some = text({ contrasts: level.filter(({ rttMs }) => rttMs !== 0) });
  expect(some).not.toMatch(/reason against|0 ms, keep-alive serves/);
  const dearer = text({ contrasts: recorded.contrasts.filter(({ rttMs }) => rttMs !== 0) });
  expect(dearer).not.toMatch(/At 0 ms, keep-alive serves|at 0 ms and/);
  expect(dearer).toMatch(/This was measured at 1 ms and 20 ms only\./);
});

test("each figure of a comparison of rates and times is in the table, or follows from what is", () => {
  for (const sentence of sentencesOf(recorded).filter((one) => /keep-alive serves/.test(one))) {
    const [, ratio = "", kept = "", short = ""] =
      /serves ([\d.]+) times .*? \(([\d,]+) instead of ([\d,]+)\)/.exec(sentence) ?? [];
    const number = (text: string): number => Number(text.replaceAll(",", ""));
    expect((number(kept) / number(short)).toPrecision(2)).toBe(ratio);
    expect(recorded.arms.some(({ perSecond }) => Math.round(perSecond.median) === number(kept))).toBe(true);
    const [, later = "", slow = "", quick = ""] =
      /comes ([\d.]+) ms later \(([\d.]+) ms instead of ([\d.]+)\)/.exec(sentence) ?? [];
    expect(Math.abs(number(slow) - number(quick) - number(later))).toBeLessThanOrEqual(0.06 * number(later));
  }
  expect(sentencesOf(recorded).join("\n")).toMatch(
    /Each share is \(short - 5\) \/ \(short - keep-alive\) of the medians above; segments are segs and time is 1 \/ \(requests\/s\)\./,
  );
});

test("if the client was the bottleneck of a user's server, no sentence compares rates", () => {
  const bound = { arms: arms(() => ({ limitedBy: "client CPU" })) };
  expect(text(bound)).toMatch(/as many requests a second/);
  const live = text({ ...bound, url: "http://127.0.0.1:8080/" });
  expect(live).not.toMatch(/as many requests a second/);
  expect(live).toMatch(/^At 0 ms, the server spends [\d.]+ us of processor time on a request instead of/);
});

test("a comparison in which nothing was measured concludes nothing", () => {
  expect(sentencesOf({ ...recorded, arms: [], contrasts: [], held: null })).toEqual([
    "At 0 ms, 1 ms and 20 ms, nothing is concluded, because none of 5 repetitions was measured.",
  ]);
});
