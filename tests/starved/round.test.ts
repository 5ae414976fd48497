import { expect, test } from "vitest";
import { aRound } from "./a-round.ts";
import { countsOf, countsOfAll, countsWords } from "./round.ts";

test("each outcome is counted", () => {
  expect(countsOf(["confirmed", "refuted", "confirmed"])).toEqual({ confirmed: 2, refuted: 1 });
  expect(countsOf([])).toEqual({});
});

test("rounds add up, outcome by outcome", () => {
  const rounds = [
    aRound({ counts: { confirmed: 17 } }),
    aRound({ counts: { confirmed: 15, inconclusive: 2 } }),
    aRound({ counts: {}, unsound: "no verdict" }),
  ];
  expect(countsOfAll(rounds)).toEqual({ confirmed: 32, inconclusive: 2 });
});

test("counts are printed in words", () => {
  expect(countsWords({ confirmed: 16, inconclusive: 1 })).toBe("16 confirmed, 1 inconclusive");
  expect(countsWords({})).toBe("nothing");
});
