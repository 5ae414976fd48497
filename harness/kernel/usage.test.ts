import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { threadCpuUs } from "./usage.ts";

test("grows with what the thread does, and no faster than the clock", () => {
  const [beganUs, beganMs] = [threadCpuUs(), performance.now()];
  let usedUs = 0;
  while (usedUs < 5000 && performance.now() - beganMs < 20_000) usedUs = threadCpuUs() - beganUs;
  expect(usedUs).toBeGreaterThanOrEqual(5000);
  // The clock of a thread's time and that of the wall may be a tick apart.
  expect(usedUs / 1000).toBeLessThan(performance.now() - beganMs + 10);
});

test("does not have what another thread does", async () => {
  // So much work, and not so much time: how long it takes is the machine's affair.
  const source = "let sum = 0; for (let n = 0; n < 1e8; n++) sum += n; process.exitCode = sum > 0 ? 0 : 1;";
  const [ownUs, before] = [threadCpuUs(), process.cpuUsage()];
  await once(new Worker(source, { eval: true }), "exit");
  const { user, system } = process.cpuUsage(before);
  expect(user + system).toBeGreaterThan(2 * (threadCpuUs() - ownUs));
});
