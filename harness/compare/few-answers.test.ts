import { expect, test } from "vitest";
import { fewAnswersSentences } from "./few-answers.ts";
import { armOf } from "./figures.ts";
import { planOf, turn } from "./hand-made.fixture.ts";

test("an arm whose answers take more than a tenth of a turn is named, with what to do", () => {
  const plan = planOf({ rttsMs: [] });
  const arm = (requestsEach: number | null, p50: number) =>
    armOf(plan, requestsEach, null, [turn({ totalMs: { p50, p99: p50 } })]);
  expect(fewAnswersSentences([arm(1, 39), arm(null, 39)], plan)).toEqual([]);
  expect(fewAnswersSentences([arm(1, 350), arm(5, 39), arm(null, 300)], plan)).toEqual([
    expect.stringMatching(
      /^A turn of 0\.4 s has few answers .* with short and keep-alive, .* 300 to 350 ms .* longer --duration\.$/,
    ),
  ]);
});
