import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { threadCpuUs } from "./usage.ts";

test("a thread's time grows while the thread computes, and no faster than the clock", () => {
  const [beganUs, beganMs] = [threadCpuUs(), performance.now()];
  let usedUs = 0;
  while (usedUs < 5000 && performance.now() - beganMs < 20_000) usedUs = threadCpuUs() - beganUs;
  expect(usedUs).toBeGreaterThanOrEqual(5000);
  // The thread's clock and the wall clock can differ by a tick.
  expect(usedUs / 1000).toBeLessThan(performance.now() - beganMs + 10);
});

test("a thread's time does not include the work of another thread", async () => {
  // A fixed amount of work. How long it takes depends on the machine.
  const source = "let sum = 0; for (let n = 0; n < 1e8; n++) sum += n; process.exitCode = sum > 0 ? 0 : 1;";
  const [ownUs, before] = [threadCpuUs(), process.cpuUsage()];
  await once(new Worker(source, { eval: true }), "exit");
  const { user, system } = process.cpuUsage(before);
  expect(user + system).toBeGreaterThan(2 * (threadCpuUs() - ownUs));
});
