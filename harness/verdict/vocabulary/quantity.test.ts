import { describe, expect, test } from "vitest";
import { handMade } from "../../recording/hand-made.fixture.ts";
import { atMost } from "./bound.ts";
import { put } from "./put.fixture.ts";
import { quantity } from "./quantity.ts";

describe("any other quantity", () => {
  const measured = (value: number | null) =>
    quantity("segments a request", { needs: ["counters"], of: () => value }, atMost(4));

  test("is within its bound, or not, or unknown", () => {
    expect(put(measured(3.98765), handMade([]))).toEqual([
      "there are at most 4 segments a request",
      true,
      "3.99 segments a request",
    ]);
    expect(put(measured(4.1), handMade([]))[1]).toBe(false);
    expect(put(measured(null), handMade([])).slice(1)).toEqual([
      null,
      "the recording does not show how many segments a request",
    ]);
  });

  test("that is no number is inconclusive, and says what it is", () => {
    const wrong = "7" as unknown as number;
    expect(put(measured(wrong), handMade([])).slice(1)).toEqual([null, 'the figure is not a number: "7"']);
    const none = undefined as unknown as number;
    expect(put(measured(none), handMade([]))[2]).toBe("the figure is not a number: undefined");
    expect(put(measured(Number.NaN), handMade([]))[2]).toBe("the figure is not a number: NaN");
  });
});

test("a claim becomes an expectation with its reason and its needs", () => {
  const claim = quantity("segments", { needs: ["counters", "attempt"], of: () => 1 }, atMost(4));
  expect(claim.because("one is enough")).toMatchObject({
    claim: "there are at most 4 segments",
    because: "one is enough",
    needs: ["counters", "attempt"],
  });
});
