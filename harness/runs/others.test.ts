import { expect, test } from "vitest";
import { at, handMade } from "../recording/hand-made.fixture.ts";
import { cpuMsOf, Others, othersWords } from "./others.ts";

test("on a machine that others leave alone there is nothing to say", () => {
  expect(othersWords(0.1, { again: 0, inconclusive: 0 })).toBeNull();
  expect(othersWords(null, { again: 0, inconclusive: 0 })).toBeNull();
});

test("how much they used is said, and what that did to the run", () => {
  expect(othersWords(0.884, { again: 0, inconclusive: 0 })).toMatch(
    /^Other programs used 88 % of the .*processors? meanwhile; no verdict suffered by it\.$/,
  );
  expect(othersWords(0.5, { again: 1, inconclusive: 0 })).toMatch(
    /: 1 trial had no time and was run again\.$/,
  );
  expect(othersWords(null, { again: 3, inconclusive: 2 })).toBe(
    "The machine was busy: 3 trials had no time and were run again, and 2 trials are inconclusive for want of time.",
  );
});

test("what we use ourselves is not theirs", () => {
  const others = new Others();
  const share = others.share(1e9);
  expect(share === null || share === 0).toBe(true);
});

test("a recording of old does not say what its programs used", () => {
  const cost = { ...at(10), kind: "cost" as const, trialCpuMs: 30, observers: {} };
  expect(cpuMsOf(handMade([]))).toBe(0);
  expect(cpuMsOf(handMade([cost]))).toBe(30);
  expect(cpuMsOf(handMade([{ ...cost, programsCpuMs: 47 }]))).toBe(77);
});
