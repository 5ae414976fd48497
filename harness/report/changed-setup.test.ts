import { expect, test } from "vitest";
import { fact } from "../experiment.ts";
import { changedSetups } from "./changed-setup.ts";
import type { VariantResult } from "./result.ts";

const experiment = fact({ id: "mine", title: "t", question: "q?", tags: [], variants: {} });
const result = (variant: string, changed?: string[]): VariantResult => ({
  variant,
  verdict: { outcome: "confirmed", findings: [] },
  recording: null,
  path: null,
  ...(changed !== undefined && { changed }),
});

test("every variant whose setup has changed is named once, with the places", () => {
  const places = ["programs.load.run", "phases", "links", "interventions", "hosts.a", "hosts.b"];
  const results = [
    result("same"),
    result("one", ["phases"]),
    result("one", ["phases"]),
    result("many", places),
  ];
  expect(changedSetups([{ experiment, results }])).toEqual([
    expect.stringMatching(
      /^The setup of mine\/one has changed since it was recorded: phases\. The verdict is about/,
    ),
    expect.stringMatching(/recorded: programs\.load\.run, phases, links, interventions and 2 more\. /),
  ]);
  expect(changedSetups([{ experiment, results: [result("same")] }])).toEqual([]);
});
