import { expect, test } from "vitest";
import type { Recording } from "../../model/recording.ts";
import type { ProcessRow } from "../../model/sample.ts";
import { at, handMade, processesAt } from "../../recording/hand-made.fixture.ts";
import { atLeast, exactly } from "./bound.ts";
import { descriptorsLeft } from "./processes.ts";
import { put } from "./put.fixture.ts";

const looks = (...rows: Partial<ProcessRow>[]): Recording =>
  handMade(rows.map((row, nth) => processesAt(at(nth * 100), "server", [{ pid: 7, ...row }])));

test("descriptors left are those of the process and the sample that have fewest", () => {
  const recording = looks({ descriptorLimit: 83, descriptors: 21 }, { descriptorLimit: 83, descriptors: 80 });
  expect(put(descriptorsLeft({ host: "server" }, atLeast(4)), recording)).toEqual([
    "the process nearest to its limit on server has at least 4 descriptors left",
    false,
    "node (pid 7) had 80 descriptors; its limit is 83",
  ]);
});

test("none are left when inherited ones lie above the limit", () => {
  expect(put(descriptorsLeft({}, exactly(0)), looks({ descriptorLimit: 83, descriptors: 84 }))[1]).toBe(true);
});

test("the answer is unknown when no limit was read", () => {
  expect(put(descriptorsLeft({}, exactly(0)), looks({})).slice(1)).toEqual([
    null,
    "no descriptor limit was read",
  ]);
});
