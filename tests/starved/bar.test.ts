import { expect, test } from "vitest";
import { againAtMost, all, atLeast, atLeastOther, cpuOfATrial, none, ratioAtMost, SOUND } from "./bar.ts";
import { aRound } from "./a-round.ts";

const tour = (confirmed: number, inconclusive = 17 - confirmed, refuted = 0) =>
  aRound({ counts: { confirmed, inconclusive, refuted } });

test("a bar of 0 refuted is missed by one refuted verdict in any round", () => {
  expect(none("refuted").of([tour(17), tour(16)])).toEqual({ observed: "0", isMet: true });
  expect(none("refuted").of([tour(17), tour(15, 1, 1)])).toEqual({ observed: "1", isMet: false });
});

test("95 % of one round of the tour are all 17 verdicts", () => {
  expect(atLeast(0.95, "confirmed").of([tour(16)])).toEqual({ observed: "16 of 17 (94.1 %)", isMet: false });
  expect(atLeast(0.95, "confirmed").of([tour(17)])).toEqual({ observed: "17 of 17 (100.0 %)", isMet: true });
});

test("a share is computed over all rounds", () => {
  expect(atLeast(0.95, "confirmed").of([tour(16), tour(17), tour(16)])).toMatchObject({ isMet: true });
  expect(atLeast(0.95, "confirmed").of([tour(16), tour(16), tour(16)])).toMatchObject({ isMet: false });
});

test("every result that is not inconclusive counts as decided", () => {
  const claims = aRound({ counts: { "as in the book": 7, "other than in the book": 1, inconclusive: 2 } });
  expect(atLeastOther(0.8, "inconclusive").of([claims])).toEqual({
    observed: "8 of 10 (80.0 %)",
    isMet: true,
  });
  expect(atLeastOther(0.9, "inconclusive").of([claims])).toMatchObject({ isMet: false });
});

test("the bar for all means all results of every round", () => {
  expect(all("confirmed").of([tour(17), tour(17)])).toMatchObject({ isMet: true });
  expect(all("confirmed").of([tour(17), tour(16)])).toMatchObject({ isMet: false });
});

test.each([none("refuted"), all("confirmed"), atLeast(0.95, "confirmed"), againAtMost(0.02), SOUND])(
  "rounds without results do not meet: $words",
  (bar) => {
    expect(bar.of([])).toMatchObject({ isMet: false });
  },
);

test("a round without results is a failure, also beside rounds with results", () => {
  const unsound = aRound({ counts: {}, unsound: "lastack ended with exit 70" });
  expect(SOUND.of([tour(17)])).toMatchObject({ isMet: true });
  expect(SOUND.of([tour(17), unsound])).toEqual({ observed: "1 of 2 unsound", isMet: false });
});

test("trials that were run again are a share of all trials", () => {
  expect(againAtMost(0.02).of([aRound({ trials: 100, again: 2 })])).toMatchObject({ isMet: true });
  expect(againAtMost(0.02).of([aRound({ trials: 100, again: 3 })])).toMatchObject({ isMet: false });
});

const seconds = ratioAtMost(0.85, "seconds", (round) => round.seconds);

test("a ratio applies only to rounds that alternate with another checkout", () => {
  expect(seconds.of([aRound({ seconds: 100 })])).toBeNull();
});

test("a ratio is one of medians, of only the rounds beside the last other commit", () => {
  const rounds = [
    aRound({ seconds: 1 }),
    aRound({ seconds: 500, beside: "older", side: "there" }),
    ...[80, 90, 70].map((took) => aRound({ seconds: took, beside: "start" })),
    ...[100, 200, 90].map((took) => aRound({ seconds: took, beside: "start", side: "there" })),
  ];
  expect(seconds.of(rounds)).toEqual({ observed: "0.80 (80.00 s to 100.00 s)", isMet: true });
});

test("a ratio with only one side is not met", () => {
  const there = aRound({ beside: "start", side: "there" });
  expect(seconds.of([there])).toMatchObject({ isMet: false });
});

test("only rounds of this checkout count; those of the other one do not", () => {
  const there = aRound({ counts: { refuted: 17 }, beside: "start", side: "there" });
  expect(none("refuted").of([tour(17), there])).toMatchObject({ isMet: true });
});

test("processor time is divided by all trials, those that were run again included", () => {
  expect(cpuOfATrial(aRound({ cpuSeconds: 30, trials: 90, repetitions: 10 }))).toBeCloseTo(0.3);
  expect(cpuOfATrial(aRound({ cpuSeconds: null, trials: 90 }))).toBeNull();
});
