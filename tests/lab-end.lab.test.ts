import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { childrenOf } from "../harness/kernel/process.ts";
import { Laboratory } from "../harness/lab/laboratory.ts";
import type { TrialOrder, TrialEnd } from "../harness/lab/order.ts";
import { packageRoot } from "../harness/lab/paths.ts";
import type { Setup } from "../harness/model/setup.ts";
import { setupOf, type ShortProgram } from "../harness/model/short-setup.ts";
import { readRecording } from "../harness/recording/read.ts";
import { folderFor } from "./lab/user.ts";
import { until } from "./lab/wait.ts";

const folder = folderFor("own");
afterAll(() => folder.remove());

/** A trial that lasts longer than any of these tests. */
function setupWith(server: ShortProgram): Setup {
  return setupOf({ servers: { server }, phases: { load: { elapsedMs: 20_000 } } });
}

function orderOf(setup: Setup, out: string): TrialOrder {
  const baseDir = join(packageRoot, "tests", "fixtures");
  return { experiment: "test", variant: "test", baseDir, hold: false, pcap: null, setup, out };
}

describe("a lab that receives the order to stop", () => {
  async function begin(
    setup: Setup,
    out: string,
  ): Promise<{ other: Laboratory; ended: Promise<TrialEnd>; recording: string }> {
    const other = await Laboratory.open();
    const recording = join(folder.path, out);
    const { ended } = other.run(orderOf(setup, recording), () => {});
    await until(() => existsSync(recording), Boolean, 20_000);
    return { other, ended, recording };
  }

  test("does not wait for a server that is not ready", async () => {
    const { other, ended, recording } = await begin(
      setupWith({ run: "./never-ready.mjs", withinMs: 30_000 }),
      "waiting.ndjson",
    );
    await other.stop();
    // The trial ended soon by itself. Otherwise the lab would have given it up, as a fault.
    expect(await ended).toMatchObject({ reason: "interrupted" });
    expect(readRecording(recording).samples.at(-1)).toMatchObject({ kind: "end", reason: "interrupted" });
    await other.close();
  });

  test("gives up a trial that does not answer", async () => {
    const { other, ended } = await begin(setupWith("./echo.mjs"), "mute.ndjson");
    const [trial = 0] = childrenOf(other.outerPid(1) ?? 0);
    expect(trial).toBeGreaterThan(0);
    if (trial > 0) process.kill(trial, "SIGSTOP");
    await other.stop();
    expect(await ended).toMatchObject({
      reason: "fault",
      because: expect.stringMatching(/did not end within 5 s/),
    });
    await other.close();
  });
});

test("a lab whose first process is killed ends its trials as faults", async () => {
  const other = await Laboratory.open();
  const order = orderOf(setupWith("./echo.mjs"), join(folder.path, "killed.ndjson"));
  let begun = false;
  const { ended } = other.run(order, () => {
    begun = true;
  });
  await until(() => begun, Boolean, 20_000);
  const init = other.outerPid(1);
  expect(init).not.toBeNull();
  if (init !== null) process.kill(init, "SIGKILL");
  expect(await ended).toMatchObject({ reason: "fault" });
  expect(readRecording(order.out).cutOff).not.toBeNull();
  await other.close();
});
