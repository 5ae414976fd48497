import { expect, test } from "vitest";
import type { Fact } from "../model/experiment.ts";
import { plainSetup } from "../recording/hand-made.fixture.ts";
import { listExperiments } from "./experiments-list.ts";

const variant = { summary: "what it does differently", setup: plainSetup(), exact: [] };
const experiment: Fact = {
  kind: "fact",
  id: "forked-child-holds-connection",
  title: "A child process that keeps a connection open after its parent has closed it",
  question: "What stays behind?",
  tags: [],
  variants: { buggy: variant, fixed: variant, "closed-by-the-child-first": variant },
};

test("a wide terminal shows titles beside ids", () => {
  expect(listExperiments([experiment], { colour: false, columns: 80 })).toBe(
    `forked-child-holds-connection  A child process that keeps a connection open
                               after its parent has closed it
                               buggy, fixed, closed-by-the-child-first`,
  );
});

test("a narrow terminal shows titles below ids", () => {
  expect(listExperiments([experiment], { colour: false, columns: 40 })).toBe(
    `forked-child-holds-connection
  A child process that keeps a
  connection open after its parent has
  closed it
  buggy, fixed,
  closed-by-the-child-first`,
  );
});
