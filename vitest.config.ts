import { defineConfig } from "vitest/config";

// "fast" needs nothing but the sources and runs in seconds (npm run check); "lab" builds namespaces and
// runs compiled trials, one file at a time, because two laboratories on two cores disturb each other.

// A process for each file is half of what the fast tests cost, so they share one, except those that look at their own process
// or put something else in a module's place.
const ALONE = ["harness/observers/processes.test.ts", "harness/recording/write.test.ts"];

/**
 * Bounds that are nets under what hangs, and measure nothing: a test that ran into one would say only that the machine was busy. Those of
 * expect.poll are shorter than the whole test's, so that what was last seen is said.
 */
const boundsOf = (pollMs: number) => ({
  testTimeout: 5 * pollMs,
  hookTimeout: 5 * pollMs,
  expect: { poll: { timeout: pollMs } },
});
const FAST = boundsOf(60_000);
const LAB = boundsOf(200_000);

export default defineConfig({
  test: {
    // Named on the command line, reporters take the place of these.
    reporters: ["default", "./tests/programs/reporter.ts"],
    projects: [
      {
        test: {
          name: "fast",
          include: ["{harness,clients,servers,experiments,scripts,tests}/**/*.test.ts"],
          exclude: ["**/*.lab.test.ts", ...ALONE],
          isolate: false,
          ...FAST,
        },
      },
      { test: { name: "fast-alone", include: ALONE, ...FAST } },
      {
        test: {
          name: "lab",
          include: ["{harness,clients,servers,experiments,tests}/**/*.lab.test.ts"],
          fileParallelism: false,
          pool: "forks",
          ...LAB,
        },
      },
    ],
  },
});
