import { expect, test } from "vitest";
import { missingHolds, missingSentences } from "./missing.ts";

const plan = { rttsMs: [0, 1, 20], repetitions: 5 };
const failed = (rttMs: number | null, ...because: string[]) =>
  because.map((one) => ({ rttMs, because: one }));

test("missing repetitions are one sentence for each round-trip time, with each reason once", () => {
  const all = [
    ...failed(0, "a", "b", "a", "a", "b"),
    ...failed(1, "client-short did not finish"),
    ...failed(20, "a", "b", "c", "d", "a"),
  ];
  expect(missingSentences(plan, all, (rttMs) => (rttMs === 1 ? 4 : 0))).toEqual([
    "At 0 ms, 5 of 5 repetitions are missing: a (3 times); b (2 times).",
    "At 1 ms, 1 of 5 repetitions is missing: client-short did not finish.",
    "At 20 ms, 5 of 5 repetitions are missing: a (2 times); b; c; and one other reason.",
  ]);
});

test("a reason that all of them have is not counted", () => {
  const all = failed(0, "a", "a", "a", "a", "a");
  expect(missingSentences({ rttsMs: [0], repetitions: 5 }, all, () => 0)).toEqual([
    "At 0 ms, 5 of 5 repetitions are missing: a.",
  ]);
});

test("repetitions that were not run were stopped, and none is missing if all were measured", () => {
  expect(missingSentences(plan, failed(1, "a"), (rttMs) => (rttMs === 0 ? 5 : 3))).toEqual([
    "At 1 ms, 2 of 5 repetitions are missing: a; the comparison was interrupted.",
    "At 20 ms, 2 of 5 repetitions are missing: the comparison was interrupted.",
  ]);
});

test("with a running server, no round-trip time is named", () => {
  const live = { rttsMs: [], repetitions: 3 };
  expect(missingSentences(live, failed(null, "short: a"), () => 2)).toEqual([
    "1 of 3 repetitions is missing: short: a.",
  ]);
});

test("missing trials of idle connections are one sentence", () => {
  expect(missingHolds(0, [])).toEqual([]);
  expect(missingHolds(2, ["a", "a"])).toEqual(["Of idle connections, 2 of 3 trials are missing: a."]);
});
