import { expect, test } from "vitest";
import type { PastRun } from "../model/past-run.ts";
import { reportPastRuns, sizeText } from "./past-runs.ts";

test.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1000, "1.0 kB"],
  [9960, "10 kB"],
  [999_499, "999 kB"],
  [999_600, "1.0 MB"],
  [3_440_000, "3.4 MB"],
  [1_440_000_000, "1.4 GB"],
  [2_000_000_000_000, "2000 GB"],
])("%d bytes are %s", (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

const RUN: PastRun = {
  name: "2026-11-21T05-44-23Z",
  startedAt: "2026-11-21T05:44:23Z",
  bytes: 1_200_000,
  recordings: 3,
  experiments: ["a", "b", "c"],
  outcome: { trials: { confirmed: 2, refuted: 1, inconclusive: 0 }, interrupted: false },
  claims: false,
};

test("runs are a table, a line each, with their sum below", () => {
  const other = { ...RUN, name: "2026-11-22T05-44-23Z", bytes: 900, experiments: [], outcome: null };
  expect(reportPastRuns([RUN, other], "results/runs", 100).split("\n")).toEqual([
    "run (UTC)                  size  recordings  experiments   outcome",
    "2026-11-21T05-44-23Z     1.2 MB           3  a and 2 more  1 refuted, 2 confirmed",
    "2026-11-22T05-44-23Z  900 bytes           3  -             -",
    "",
    "2 runs, 1.2 MB in results/runs",
  ]);
  expect(reportPastRuns([], "here", 80)).toBe("There are no runs in here.");
});

test("on a narrow terminal a run is a block, and no line is too long", () => {
  const lines = reportPastRuns([RUN, RUN], "results/runs", 40).split("\n");
  expect(lines.slice(0, 6)).toEqual([
    "2026-11-21T05-44-23Z",
    "  size         1.2 MB",
    "  recordings   3",
    "  experiments  a and 2 more",
    "  outcome      1 refuted, 2 confirmed",
    "2026-11-21T05-44-23Z",
  ]);
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(40);
  const whole = reportPastRuns([RUN], "results/runs", Infinity).split("\n");
  expect(whole[1]).toMatch(/^2026-11-21T05-44-23Z .* 1 refuted, 2 confirmed$/);
});
