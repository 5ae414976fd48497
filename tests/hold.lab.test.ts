import { join } from "node:path";
import { expect, test } from "vitest";
import { Laboratory } from "../harness/lab/laboratory.ts";
import { packageRoot } from "../harness/lab/paths.ts";
import type { PhasePlan } from "../harness/model/setup.ts";
import { setupOf } from "../harness/model/short-setup.ts";
import { readRecording } from "../harness/recording/read.ts";
import { folderFor } from "./lab/user.ts";

const load: PhasePlan = { name: "load", until: { elapsedMs: 50 } };
const drain: PhasePlan = { name: "drain", until: { elapsedMs: 50 } };
const end: PhasePlan = { name: "end", until: { elapsedMs: 50 } };

test.each([
  ["drain", [load, drain]],
  ["drain", [load, drain, end]],
  ["load", [load]],
  ["load", [load, end]],
])("a held trial pauses after %s, with its programs still there: phases %j", async (phase, phases) => {
  const folder = folderFor("own");
  const lab = await Laboratory.open();
  try {
    const setup = setupOf({ servers: { server: "./echo.mjs" }, phases });
    const out = join(folder.path, "held.ndjson");
    const baseDir = join(packageRoot, "tests", "fixtures");
    const order = { experiment: "test", variant: "test", setup, out, baseDir, hold: true, pcap: null };
    let atPause: { phase: string; exited: boolean } | undefined;
    const trial = lab.run(order, (progress) => {
      if (progress.kind !== "held") return;
      const { samples } = readRecording(out);
      atPause = {
        phase: samples.at(-1)?.phase ?? "",
        exited: samples.some((sample) => sample.kind === "program" && sample.event === "exited"),
      };
      lab.release(trial.trial);
    });
    expect(await trial.ended).toEqual({ reason: "completed" });
    expect(atPause).toEqual({ phase, exited: false });
  } finally {
    await lab.close();
    folder.remove();
  }
});
