import { expect, test } from "vitest";
import { at, handMade } from "../recording/hand-made.fixture.ts";
import { cpuMsOf, Others, othersWords } from "./others.ts";

test("no line when other programs used little of the processors", () => {
  expect(othersWords(0.1, { again: 0, inconclusive: 0 })).toBeNull();
  expect(othersWords(null, { again: 0, inconclusive: 0 })).toBeNull();
});

test("the line has the share that other programs used, and its effect on the run", () => {
  expect(othersWords(0.884, { again: 0, inconclusive: 0 })).toMatch(
    /^Other programs used 88 % of the .*processors? during the run; no verdict was affected\.$/,
  );
  expect(othersWords(0.5, { again: 1, inconclusive: 0 })).toMatch(
    /: 1 trial got too little processor time and was run again\.$/,
  );
  expect(othersWords(null, { again: 3, inconclusive: 2 })).toBe(
    "The machine was busy: 3 trials got too little processor time and were run again, " +
      "and 2 trials are inconclusive for lack of time.",
  );
});

test("the processor time of lastack itself does not count as that of other programs", () => {
  const others = new Others();
  const share = others.share(1e9);
  expect(share === null || share === 0).toBe(true);
});

test("an older recording has no processor time of its programs", () => {
  const cost = { ...at(10), kind: "cost" as const, trialCpuMs: 30, observers: {} };
  expect(cpuMsOf(handMade([]))).toBe(0);
  expect(cpuMsOf(handMade([cost]))).toBe(30);
  expect(cpuMsOf(handMade([{ ...cost, programsCpuMs: 47 }]))).toBe(77);
});
