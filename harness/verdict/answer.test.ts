import { expect, test } from "vitest";
import type { ExactExpectation } from "../model/expectation.ts";
import { handMade } from "../recording/hand-made.fixture.ts";
import { NoAnswer } from "./answer.ts";
import { judge } from "./judge.ts";

const shape = "not { holds, observed } with true, false or null and a sentence";

test.each<[string, () => unknown, string]>([
  ["true", () => true, `returned true, ${shape}`],
  ["nothing", () => {}, `returned undefined, ${shape}`],
  ["null", () => null, `returned null, ${shape}`],
  ["no sentence", () => ({ holds: true }), `returned {"holds":true}, ${shape}`],
  ["no boolean", () => ({ holds: 1, observed: "o" }), `returned {"holds":1,"observed":"o"}, ${shape}`],
  [
    "a promise",
    () => Promise.resolve({ holds: true, observed: "o" }),
    "is async: a test returns { holds, observed } at once",
  ],
  [
    "a promise that fails",
    () => Promise.reject(new Error("x")),
    "is async: a test returns { holds, observed } at once",
  ],
  [
    "an error",
    () => {
      throw new Error("boom");
    },
    "threw an error: boom",
  ],
  [
    "no answer",
    () => {
      throw new NoAnswer("did not end");
    },
    "did not end",
  ],
])("a test that returns or throws %s is inconclusive, and says why", (_, given, why) => {
  const claim = { claim: "c", because: "b", needs: [], test: given as ExactExpectation["test"] };
  expect(judge([claim], handMade([]))).toEqual({
    outcome: "inconclusive",
    findings: [
      { claim: "c", because: "b", observed: `the test of this claim ${why}`, outcome: "inconclusive" },
    ],
  });
});
