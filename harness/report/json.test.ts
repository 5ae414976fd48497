import { expect, test } from "vitest";
import type { Fact } from "../model/experiment.ts";
import type { Outcome } from "../model/verdict.ts";
import { runJson } from "./json.ts";
import type { VariantResult } from "./result.ts";

const experiment: Fact = { kind: "fact", id: "a", title: "t", question: "q", tags: [], variants: {} };

function result(variant: string, outcome: Outcome, repeat?: number): VariantResult {
  const findings = [{ claim: "c", because: "b", observed: `${variant} ${repeat ?? 1}`, outcome }];
  return {
    variant,
    repeat,
    verdict: { outcome, findings },
    recording: null,
    path: `${variant}.ndjson`,
    seconds: 1.5,
  };
}

test("a run's document has the documented shape", () => {
  expect(
    runJson([{ experiment, results: [result("buggy", "confirmed"), result("fixed", "inconclusive")] }]),
  ).toEqual({
    outcome: "inconclusive",
    experiments: [
      {
        id: "a",
        outcome: "inconclusive",
        seconds: 3,
        variants: {
          buggy: {
            outcome: "confirmed",
            recording: "buggy.ndjson",
            findings: [{ claim: "c", because: "b", observed: "buggy 1", outcome: "confirmed" }],
          },
          fixed: {
            outcome: "inconclusive",
            recording: "fixed.ndjson",
            findings: [{ claim: "c", because: "b", observed: "fixed 1", outcome: "inconclusive" }],
          },
        },
      },
    ],
  });
});

test("the first repetition with the worst outcome stands for the variant, and all are listed", () => {
  const trials = [
    result("buggy", "confirmed", 1),
    result("buggy", "refuted", 2),
    result("buggy", "refuted", 3),
  ];
  const [only] = runJson([{ experiment, results: trials }]).experiments;
  expect(only?.variants["buggy"]).toMatchObject({ outcome: "refuted", findings: [{ observed: "buggy 2" }] });
  expect(only?.variants["buggy"]?.repeats?.map((one) => one.outcome)).toEqual([
    "confirmed",
    "refuted",
    "refuted",
  ]);
});

test("a trial that the machine had no time for is marked as such", () => {
  const late = result("late", "inconclusive");
  late.verdict.forWantOfTime = true;
  const [only] = runJson([{ experiment, results: [late, result("other", "inconclusive")] }]).experiments;
  expect(only?.variants["late"]).toMatchObject({ outcome: "inconclusive", forWantOfTime: true });
  expect(only?.variants["other"]).not.toHaveProperty("forWantOfTime");
});

test("a run without trials is inconclusive", () => {
  expect(runJson([])).toEqual({ outcome: "inconclusive", experiments: [] });
  expect(runJson([{ experiment, results: [] }])).toMatchObject({
    outcome: "inconclusive",
    experiments: [{ variants: {} }],
  });
});

test("findings are in one language", () => {
  const one = result("buggy", "confirmed");
  one.verdict.findings[0] = { ...one.verdict.findings[0]!, zh: { claim: "论断", observed: "所见" } };
  const said = (language?: "en" | "zh") =>
    runJson([{ experiment, results: [one] }], language).experiments[0]?.variants["buggy"]?.findings;
  expect(said()).toEqual([{ claim: "c", because: "b", observed: "buggy 1", outcome: "confirmed" }]);
  expect(said("zh")).toEqual([{ claim: "论断", because: "b", observed: "所见", outcome: "confirmed" }]);
});
