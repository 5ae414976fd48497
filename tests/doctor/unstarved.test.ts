import { expect, test } from "vitest";
import { unstarved } from "./unstarved.ts";

const runsOf = async (isMissed: (result: number) => boolean): Promise<[last: number, runs: number[]]> => {
  const runs: number[] = [];
  const last = await unstarved((nth) => runs.push(nth) * 10, isMissed);
  return [last, runs];
};

test("what was seen is not run again", async () => {
  expect(await runsOf(() => false)).toEqual([10, [0]]);
});

test("a run that the machine starved is followed by another one, and the first good one counts", async () => {
  expect(await runsOf((result) => result === 10)).toEqual([20, [0, 1]]);
});

test("the third one counts, whatever it is", async () => {
  expect(await runsOf(() => true)).toEqual([30, [0, 1, 2]]);
});
