import { expect, test } from "vitest";
import { coresIn } from "./cores.ts";

test.each([
  ["0", [0]],
  ["0-1", [0, 1]],
  ["2-3,7,9-10", [2, 3, 7, 9, 10]],
])("the cores of %s", (list, cores) => {
  expect(coresIn(`Name:\tnode\nCpus_allowed:\t3\nCpus_allowed_list:\t${list}\nThreads:\t1\n`)).toEqual(cores);
});

test("a text without a list of cores is an error", () => {
  expect(() => coresIn("Name:\tnode\n")).toThrow(/no list of cores/);
});
