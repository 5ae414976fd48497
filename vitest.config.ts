import { defineConfig } from "vitest/config";

// "fast" needs only the sources and runs in seconds (npm run check). "lab" builds namespaces and runs compiled trials, one file at a
// time, because two laboratories on two cores disturb each other. "lab-waiting" and "lab-probing" do, too, but most of their time they
// wait: for the looks of a doctor, or for the timers of a server. Two of their files run at once, and in each two of the tests that are
// marked as concurrent.

// With one process for each file, the fast tests would take twice as long. So they share one process, except those that examine their
// own process or replace a module.
const ALONE = ["harness/observers/processes.test.ts", "harness/recording/write.test.ts"];

/**
 * Time limits only for tests that hang. They measure nothing, because a busy machine is slow. The limit of expect.poll is shorter than
 * that of the whole test, so that the failure shows the last value.
 */
const boundsOf = (pollMs: number) => ({
  testTimeout: 5 * pollMs,
  hookTimeout: 5 * pollMs,
  expect: { poll: { timeout: pollMs } },
});
const WAITING = {
  "lab-waiting": ["tests/{doctor,exec}/**/*.lab.test.ts"],
  // By themselves, because batteries of probes keep the processors busier than a doctor's scenes should have beside them.
  "lab-probing": ["tests/check/**/*.lab.test.ts", "tests/matrix.lab.test.ts"],
};
const FAST = boundsOf(60_000);
const LAB = boundsOf(200_000);

export default defineConfig({
  test: {
    // Reporters on the command line replace these.
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
          exclude: Object.values(WAITING).flat(),
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          pool: "forks",
          ...LAB,
        },
      },
      ...Object.entries(WAITING).map(([name, include], nth) => ({
        test: {
          name,
          include,
          maxWorkers: 2,
          maxConcurrency: 2,
          sequence: { groupOrder: 2 + nth },
          pool: "forks" as const,
          ...LAB,
        },
      })),
    ],
  },
});
