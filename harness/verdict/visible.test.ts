import { expect, test } from "vitest";
import type { FailureMode } from "../model/experiment.ts";
import { handMade, plainSetup } from "../recording/hand-made.fixture.ts";
import { judgeVariant } from "./judge.ts";

const holding = { claim: "c", because: "b", needs: [], test: () => ({ holds: true, observed: "o" }) };
const variant = { summary: "s", setup: plainSetup(), exact: [holding] };
const plain: FailureMode = {
  kind: "failure-mode",
  id: "close-wait-leak",
  title: "t",
  question: "q",
  tags: [],
  symptom: [holding],
  overlaps: {},
  variants: { buggy: variant, fixed: variant },
};

test("a failure mode that no host shows is judged by its variants' claims alone", () => {
  const invisible: FailureMode = { ...plain, symptom: [], visible: { as: "no", because: "b" } };
  const { outcome, findings } = judgeVariant(invisible, "buggy", handMade([]));
  expect([outcome, findings.length]).toEqual(["confirmed", 1]);
});

test("a symptom that is only a remark on a running host is judged like any other", () => {
  const remark: FailureMode = { ...plain, visible: { as: "remark", because: "b" } };
  expect(judgeVariant(remark, "buggy", handMade([])).findings).toHaveLength(2);
});
