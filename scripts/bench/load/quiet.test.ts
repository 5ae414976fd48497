import { expect, test } from "vitest";
import { QuietTurns } from "./quiet.ts";

/** Turns, numbered from 1, during which others used the given percentages of a core. */
function turnsBeside(percents: number[]): { turns: QuietTurns; turn: () => Promise<number> } {
  const left = percents[Symbol.iterator]();
  let nth = 0;
  return {
    turns: new QuietTurns(() => () => left.next().value ?? 0),
    turn: () => Promise.resolve((nth += 1)),
  };
}

test("a turn in which others were busy is repeated, and counted", async () => {
  const { turns, turn } = turnsBeside([90, 15.1, 15, 0]);
  expect(await turns.take(turn)).toBe(3);
  expect(await turns.take(turn)).toBe(4);
  expect(turns.repeated).toBe(2);
});

test("when others are always busy, there is an error", async () => {
  const { turns, turn } = turnsBeside(Array<number>(11).fill(97));
  await expect(turns.take(turn)).rejects.toThrow("other processes used 97 % of a core in all 10 turns");
  expect(await turn()).toBe(11);
});
