import { describe, expect, test } from "vitest";
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
  ["a symptom refuted on its own bug", cell({ wanted: "confirmed", outcome: "refuted" })],
  ["a symptom inconclusive on its own cure", cell({ wanted: "refuted", outcome: "inconclusive" })],
  ["a symptom confirmed on another experiment", cell({ outcome: "confirmed" })],
  ["a declared overlap that is not confirmed", cell({ overlap: "the port", outcome: "refuted" })],
])("%s is a fault", (_, wrong) => expect(squareFaults([...good, wrong])).toHaveLength(1));

describe("a fault says what to do:", () => {
  const fault = (wrong: Partial<Cell>): string | undefined =>
    squareFaults([...good, cell({ observed: "client: 97 sockets", ...wrong })])[0];

  test("sharpen the symptom, or declare an overlap with its reason", () => {
    expect(fault({ outcome: "confirmed" })).toBe(
      "the symptom of a is confirmed on b/buggy and should not be: client: 97 sockets. " +
        "Sharpen the symptom in experiments/a/experiment.ts: ask for one thing more that a/buggy shows and b/buggy does not " +
        "(a state, an end, an owner, a timer, a queue, a number, a time, a counter). Or, if both have the same fault, " +
        'declare an overlap there, with its reason: overlaps: { "b/buggy": "what distinguishes the two" }.',
    );
  });

  const own = { experiment: "a" };
  test.each<[string, Partial<Cell>, RegExp]>([
    [
      "sharpen it or mend the cure",
      { ...own, variant: "fixed", wanted: "refuted", outcome: "confirmed" },
      /should be refuted: .*\. Sharpen .* or mend the cure\. A symptom's own cure cannot be an overlap\.$/,
    ],
    [
      "loosen it, or let the bug show",
      { ...own, wanted: "confirmed", outcome: "refuted" },
      /should be confirmed: .*\. Loosen the condition in experiments\/a\/.*, or let servers\/a\/buggy\.ts meet that condition/,
    ],
    [
      "take out the overlap",
      { overlap: "the port", outcome: "refuted" },
      /97 sockets\. Take "b\/buggy" out of the overlaps in experiments\/a\/experiment\.ts\.$/,
    ],
    [
      "record an inconclusive cell again",
      { ...own, wanted: "confirmed", outcome: "inconclusive" },
      /\. Record it again \(npm run record -- a\)/,
    ],
    [
      "record an inconclusive overlap again",
      { overlap: "the port", outcome: "inconclusive" },
      /\. Record it again \(npm run record -- b\)/,
    ],
  ])("%s", (_, wrong, words) => expect(fault(wrong)).toMatch(words));

  test("which symptoms overlap most, and which are inconclusive most", () => {
    const overlap = { overlap: "the port", outcome: "confirmed" as const };
    const doubt = { symptom: "c", outcome: "inconclusive" as const };
    const many = [cell(overlap), cell({ ...overlap, symptom: "c" }), cell({ ...overlap, symptom: "c" })];
    expect(squareFaults([...good, ...many])[0]).toMatch(
      /^3 of 43 cells are declared overlaps: more than 5 %\. Sharpen .*: c \(2\), a \(1\)\.$/,
    );
    expect(squareFaults([...good, ...Array.from({ length: 5 }, () => cell(doubt))])[0]).toMatch(
      /^5 of 45 cells are inconclusive: more than 10 %\. .*: c \(5\)\.$/,
    );
  });
});

test("a declared overlap is no fault, but too many are", () => {
  const overlap = cell({ overlap: "the port", outcome: "confirmed" });
  expect(squareFaults([...good, overlap])).toEqual([]);
  expect(squareFaults([...good, overlap, overlap, overlap])).toHaveLength(1);
});

test("too many inconclusive cells are a fault", () => {
  const doubt = Array.from({ length: 5 }, () => cell({ outcome: "inconclusive" }));
  expect(squareFaults([...good, ...doubt])).toHaveLength(1);
  expect(squareFaults([...good, ...doubt.slice(0, 4)])).toEqual([]);
});
