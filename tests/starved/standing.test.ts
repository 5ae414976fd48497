import { expect, test } from "vitest";
import { aRound } from "./a-round.ts";
import { type Row, ROWS } from "./row.ts";
import { isMet, standingLines } from "./standing.ts";

const row = (name: string): Row => ROWS.find((one) => one.name === name) as Row;

test("no two rows have one name", () => {
  expect(new Set(ROWS.map(({ name }) => name)).size).toBe(ROWS.length);
});

test.each(ROWS)("$name is not met without a round", (one) => {
  expect(isMet(one, [])).toBe(false);
  expect(standingLines(one, [])).toEqual([expect.stringContaining("no round")]);
});

test("a row prints the results of its rounds, and whether they meet each bar", () => {
  const rounds = [aRound(), aRound({ counts: { confirmed: 14, inconclusive: 3 }, again: 5 })];
  expect(standingLines(row("tour-16"), rounds)).toEqual([
    "tour-16          2 of 3 rounds: 31 confirmed, 3 inconclusive; 5 trials run again",
    "  met     every round is sound: 0 of 2 unsound",
    "  met     0 refuted in every round: 0",
    "  MISSED  at least 95 % confirmed: 31 of 34 (91.2 %)",
  ]);
  expect(isMet(row("tour-16"), rounds)).toBe(false);
});

test("a row with a round without results is not met", () => {
  const unsound = aRound({ counts: {}, unsound: "lastack ended with exit 70" });
  expect(isMet(row("tour-quiet"), [aRound()])).toBe(true);
  expect(isMet(row("tour-quiet"), [aRound(), unsound])).toBe(false);
});

test("bars that compare checkouts apply only if rounds alternate", () => {
  const quiet = row("catalogue-quiet");
  const half = { seconds: 50, cpuSeconds: 20 };
  expect(isMet(quiet, [aRound()])).toBe(true);
  const whole = { seconds: 100, cpuSeconds: 40, beside: "start" };
  const theirs = aRound({ ...whole, side: "there" });
  expect(isMet(quiet, [aRound({ ...half, beside: "start" }), theirs])).toBe(true);
  expect(isMet(quiet, [aRound(whole), theirs])).toBe(false);
});
