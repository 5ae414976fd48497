import { describe, expect, test } from "vitest";
import type { Sample } from "../model/sample.ts";
import { at, handMade } from "../recording/hand-made.fixture.ts";
import { gather, readRepetition } from "./gather.ts";
import { planOf, toldAt } from "./hand-made.fixture.ts";

const plan = planOf({ arms: [1, null], repetitions: 2 });
const arm = (endMs: number, program: string, requests = 400): Sample[] => toldAt(endMs, program, requests);
const trial = (samples: Sample[], rttMs = 0, repetition = 1) => ({
  rttMs,
  repetition,
  recording: handMade(samples),
});
const whole = [...arm(2000, "client-short"), ...arm(2500, "client-keep-alive", 4000)];

describe("a repetition is in no figure when", () => {
  test.each<[string, Sample[], RegExp]>([
    [
      "two arms ran at the same time",
      [...arm(2000, "client-short"), ...arm(2300, "client-keep-alive")],
      /client-short and client-keep-alive ran at the same time/,
    ],
    [
      "the server was still being warmed",
      [...arm(1700, "warm-short"), ...whole],
      /warm-short and client-short/,
    ],
    ["an arm reported nothing", arm(2000, "client-short"), /client-keep-alive did not finish/],
    [
      "no request of an arm succeeded",
      [
        ...arm(2000, "client-short"),
        ...toldAt(2500, "client-keep-alive", 0, { outcomes: { "connect ECONNREFUSED": 97 } }),
      ],
      /no request of client-keep-alive succeeded: 97 connect ECONNREFUSED/,
    ],
    [
      "the trial was at fault",
      [...whole, { ...at(3000), kind: "fault", because: "the disk is full" }],
      /disk/,
    ],
  ])("%s", (_, samples, fault) => {
    expect(readRepetition(plan, trial(samples))).toEqual({ fault: expect.stringMatching(fault) });
  });

  test("its recording was cut off", () => {
    const cut = { ...trial(whole), recording: { ...handMade(whole), cutOff: "its last line was cut off" } };
    expect(readRepetition(plan, cut)).toEqual({ fault: "its last line was cut off" });
  });
});

test("arms that wait for long round trips can run at the same time", () => {
  const together = [...arm(2000, "client-short"), ...arm(2000, "client-keep-alive")];
  expect(readRepetition(plan, trial(together, 20))).toHaveProperty("repetition");
});

test("figures come from the repetitions without a fault, and the others are named", () => {
  const broken = arm(2000, "client-short");
  const { arms, contrasts, missing } = gather(plan, [trial(whole), trial(broken, 0, 2)]);
  expect(arms.map(({ id, repetitions, perSecond }) => [id, repetitions, perSecond.median])).toEqual([
    ["short", 1, 1000],
    ["keep-alive", 1, 10_000],
  ]);
  expect(contrasts).toMatchObject([{ rttMs: 0, rate: { median: 10, low: null, high: null } }]);
  expect(missing).toEqual([{ rttMs: 0, because: "client-keep-alive did not finish" }]);
});
