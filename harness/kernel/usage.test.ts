import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { threadCpuUs } from "./usage.ts";

/** Uses the processor for so long, by the clock. */
const work = (ms: number): void => {
  for (const untilMs = performance.now() + ms; performance.now() < untilMs;);
};

test("grows with what the thread does, and no faster than the clock", () => {
  const [beganUs, beganMs] = [threadCpuUs(), performance.now()];
  work(60);
  const usedUs = threadCpuUs() - beganUs;
  expect(usedUs).toBeGreaterThan(1000);
  // The clock of a thread's time and that of the wall may be a tick apart.
  expect(usedUs / 1000).toBeLessThan(performance.now() - beganMs + 10);
});

test("does not have what another thread does", async () => {
  const source = "for (const untilMs = performance.now() + 200; performance.now() < untilMs; );";
  const [ownUs, before] = [threadCpuUs(), process.cpuUsage()];
  await once(new Worker(source, { eval: true }), "exit");
  const { user, system } = process.cpuUsage(before);
  expect(user + system).toBeGreaterThan(2 * (threadCpuUs() - ownUs));
});
