import { expect, test } from "vitest";
import { squareFaults, type Cell } from "./square.ts";

const cell = (part: Partial<Cell>): Cell => ({
  symptom: "a",
  experiment: "b",
  variant: "buggy",
  outcome: "refuted",
  wanted: "not confirmed",
  overlap: null,
  observed: "",
  ...part,
});
const good = Array.from({ length: 40 }, () => cell({}));

test("a good square has no faults", () => {
  expect(squareFaults([...good, cell({ wanted: "confirmed", outcome: "confirmed" })])).toEqual([]);
});

test.each([
  ["a symptom that misses its own", cell({ wanted: "confirmed", outcome: "refuted" })],
  ["a symptom in doubt on its own cure", cell({ wanted: "refuted", outcome: "inconclusive" })],
  ["a symptom that speaks for another", cell({ outcome: "confirmed" })],
  ["a declared overlap that is none", cell({ overlap: "the port", outcome: "refuted" })],
])("%s is a fault", (_, wrong) => expect(squareFaults([...good, wrong])).toHaveLength(1));

test("a declared overlap is none, but few may be declared", () => {
  const overlap = cell({ overlap: "the port", outcome: "confirmed" });
  expect(squareFaults([...good, overlap])).toEqual([]);
  expect(squareFaults([...good, overlap, overlap, overlap])).toHaveLength(1);
});

test("few cells may be inconclusive", () => {
  const doubt = Array.from({ length: 5 }, () => cell({ outcome: "inconclusive" }));
  expect(squareFaults([...good, ...doubt])).toHaveLength(1);
  expect(squareFaults([...good, ...doubt.slice(0, 4)])).toEqual([]);
});
