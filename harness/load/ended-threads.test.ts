import { expect, test } from "vitest";
import { endedThreadsCores } from "./ended-threads.ts";
import { loadRun, look } from "./load-run.fixture.ts";
import type { LoadRun, Look } from "./load-run.ts";
import { loadFigures } from "./result.ts";
import { validity } from "./validity.ts";

const between = { fromUs: 1e6, toUs: 3e6 };
/** The server's processes used as much of a processor as `cores`, and the thread that is left a hundredth. */
const at = (seconds: number, cores: number | null): Look => ({
  ...look(seconds, [], { generator: 0.97, server: 0.01, waiting: 0 }),
  serverCpuMs: cores === null ? null : cores * seconds * 1000,
});

test("what threads did that ended is the time of the processes without that of the threads that are left", () => {
  expect(endedThreadsCores([at(1, 0.9), at(2, 0.9), at(3, 0.9)], between)).toBeCloseTo(0.89, 9);
  expect(endedThreadsCores([at(1, 0.05), at(3, 0.05)], between)).toBe(0);
  expect(endedThreadsCores([at(1, null), at(3, null)], between)).toBe(0);
  expect(endedThreadsCores([at(0, 0.9), at(2, 0.9)], between)).toBe(0);
});

test("a server whose threads end is not one with slack", () => {
  const run: LoadRun = loadRun(
    { looks: [at(0, 0.9), at(1.1, 0.9), at(2.9, 0.9)] },
    { generator: 0.97, server: 0.01, waiting: 0 },
  );
  const figures = loadFigures(run);
  expect(figures.server).toBeNull();
  expect(figures.notMeasured["server"]).toBe(
    "its threads end: those that ended used 0.89 of a processor, and how busy each was is not known",
  );
  expect(validity(figures, run).because).toEqual([expect.not.stringMatching(/The server could do more/)]);
});
