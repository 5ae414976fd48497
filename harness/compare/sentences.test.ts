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
  expect(said).toMatch(
    /At 0 ms, keep-alive serves at least twice as many .* request: 2 segments a request instead of 10\./,
  );
  expect(kept.perSecond.median).toBeGreaterThan(2 * short.perSecond.median);
  expect([short.segments?.median.toFixed(0), kept.segments?.median.toFixed(0)]).toEqual(["10", "2"]);
  expect(said).toMatch(/At 1 ms and 20 ms, .* at least one round trip later/);
  const later = armAt(20, "short").totalMs!.p50.median - armAt(20, "keep-alive").totalMs!.p50.median;
  expect(later).toBeGreaterThan(18);
  expect(later).toBeLessThan(38);
  expect(said).toMatch(
    /At 0 ms, 1 ms and 20 ms, 5 or more requests a connection save most \(at least 60 %\) of what/,
  );
  expect(said).toMatch(/less than 16 kB of the server's process memory/);
  expect(recorded.held!.serverBytes!.median).toBeLessThan(16_000);
  expect(said).toMatch(
    /can sustain 470 short .* 28,232 ports .* The runs at 0 ms and 1 ms exceeded that, .* at 20 ms did not exceed it\./,
  );
  expect(armAt(20, "short").connectionsPerSecond.median).toBeLessThan(470);
  expect(armAt(1, "short").connectionsPerSecond.median).toBeGreaterThan(470);
  expect(said).toMatch(/At 1 ms and 20 ms, every arm is limited by round trips/);
});

describe("other figures change the sentences", () => {
  test("if keep-alive does not serve more requests, no sentence says that it saves anything", () => {
    const same = text({ contrasts: contrasts(() => ({ rate: { median: 1, low: 0.9, high: 1.2 } })) });
    expect(same).toMatch(/these repetitions show no clear difference between keep-alive and/);
    expect(same).toMatch(/Nothing that was measured here is a reason against short connections/);
    expect(same).not.toMatch(/save most|right choice/);
    const fewer = text({ contrasts: contrasts(() => ({ rate: sure(0.5) })) });
    expect(fewer).toMatch(/At 0 ms, 1 ms and 20 ms, keep-alive serves fewer requests a second/);
  });

  test("a sentence claims a step only if the whole interval clears it", () => {
    const doubt = text({ contrasts: contrasts(() => ({ rate: { median: 6, low: 1.5, high: 9 } })) });
    expect(doubt).toMatch(/At 0 ms, keep-alive serves more requests a second than/);
    expect(doubt).not.toMatch(/at least twice/);
  });

  test("two more round trips, as with TLS, are counted as two", () => {
    const tls = contrasts(({ rttMs }) => ({ laterMs: sure(2.1 * (rttMs ?? 0)) }));
    expect(text({ contrasts: tls })).toMatch(/At 1 ms and 20 ms, .* at least two round trips later/);
    expect(text({ contrasts: tls })).toMatch(/Each request then costs two more round trips/);
  });

  test("the measured share decides how many requests save most; if its interval is too wide, the segments do", () => {
    const from = (share: Estimate, ofSegments: Estimate | null): string =>
      text({
        contrasts: contrasts(({ saved }) => ({
          saved: saved.map((one) => (one.requestsEach === 2 ? { ...one, share, ofSegments } : one)),
        })),
      });
    expect(from(sure(0.7), sure(0.5))).toMatch(/, 2 or more requests a connection save most/);
    expect(from(sure(0.5), sure(0.7))).toMatch(/, 5 or more requests a connection save most/);
    expect(from({ median: 0.65, low: 0.1, high: 0.9 }, sure(0.5))).toMatch(/, 5 or more requests/);
    expect(from({ median: 0.55, low: 0.1, high: 0.9 }, sure(0.7))).toMatch(/, 2 or more requests/);
    const none = contrasts(({ saved }) => ({ saved: saved.map((one) => ({ ...one, share: sure(0.1) })) }));
    expect(text({ contrasts: none })).toMatch(/no number of requests a connection that was tried saves 60 %/);
  });

  test("the cost of an idle connection is what was measured; what was not measured is left out", () => {
    const held = recorded.held!;
    expect(text({ held: { ...held, serverBytes: sure(40_000) } })).toMatch(
      /less than 128 kB of the server's/,
    );
    expect(text({ held: { ...held, segmentsPerSecond: sure(0.01) } })).not.toMatch(/no segment/);
    expect(text({ held: { ...held, cpuUsPerSecond: sure(500) } })).not.toMatch(/next to no processor/);
    expect(text({ held: null })).not.toMatch(/idle connection costs/);
  });

  test("the sentence on ports depends on how fast they are taken, and on the end that keeps them", () => {
    const slow = text({ arms: arms(() => ({ connectionsPerSecond: sure(100) })) });
    expect(slow).toMatch(/The runs at 0 ms, 1 ms and 20 ms did not exceed it/);
    expect(text({ arms: arms(() => ({ timeWait: { client: 0, server: 97 } })) })).toMatch(
      /: the end that closes first keeps/,
    );
    const again = arms(() => ({ ports: { most: 7, range: 28_232, keptS: 1 } }));
    expect(text({ arms: again })).toMatch(/can sustain 28,232 short connections .* reuses it after 1 s/);
  });

  test("the limit of each arm is named", () => {
    const mixed = arms(({ id, rttMs }) => ({
      limitedBy: id === "short" && rttMs === 0 ? "ports" : "client CPU",
    }));
    expect(text({ arms: mixed })).toMatch(
      /At 0 ms, short is limited by ports, which ran out; 2, 5, 10, 100 and keep-alive are limited by the client's/,
    );
    expect(text({ arms: mixed })).toMatch(
      /At 1 ms and 20 ms, every arm is limited by the client's processor time/,
    );
  });

  test("a sentence says that https went through undici", () => {
    expect(text({ engine: "undici" })).toMatch(/Every arm went through undici/);
    expect(text({})).not.toMatch(/undici/);
  });

  test("with a server that already runs, no round-trip time is named", () => {
    const here = {
      contrasts: recorded.contrasts.slice(0, 1).map((one) => ({ ...one, rttMs: null })),
      arms: recorded.arms.slice(0, 6).map((one) => ({ ...one, rttMs: null })),
    };
    expect(text(here)).toMatch(/^Here, keep-alive serves/);
    expect(text(here)).not.toMatch(/ ms[ ,]/);
  });
});

test("noise that moves no interval across a step changes no sentence", () => {
  const factor = fc.double({ min: 0.97, max: 1.03, noNaN: true });
  const shaken = (by: number, { median, low, high }: Estimate): Estimate => ({
    median: median * by,
    low: low * by,
    high: high * by,
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
      expect(sentencesOf({ ...recorded, ...noisy })).toEqual(recorded.sentences);
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

test("a comparison in which nothing was measured has no sentences", () => {
  expect(sentencesOf({ ...recorded, arms: [], contrasts: [], held: null })).toEqual([]);
});
