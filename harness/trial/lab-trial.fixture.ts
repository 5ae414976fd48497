import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Laboratory } from "../lab/laboratory.ts";
import { packageRoot } from "../lab/paths.ts";
import type { Recording } from "../model/recording.ts";
import type { PacketSample, Sample } from "../model/sample.ts";
import type { Setup } from "../model/setup.ts";
import { readRecording } from "../recording/read.ts";
import { validateSetup } from "../recording/schema.ts";

export interface LabTrial {
  recording: Recording;
  packets: PacketSample[];
  /** The samples of a kind. */
  of: <K extends Sample["kind"]>(kind: K) => Extract<Sample, { kind: K }>[];
}

/** A lab, and a folder for its recordings. */
export class LabTrials {
  readonly folder = mkdtempSync(join(tmpdir(), "lastack-trials-"));
  #lab: Laboratory | undefined;
  #nth = 0;

  /** Runs a trial, whose programs are in tests/fixtures, and reads its recording. Throws when the trial was not completed. */
  async run(setup: Setup, pcap: string | null = null): Promise<LabTrial> {
    this.#lab ??= await Laboratory.open();
    const out = join(this.folder, `${(this.#nth += 1)}.ndjson`);
    const baseDir = join(packageRoot, "tests", "fixtures");
    const order = { experiment: "a-test", variant: "test", setup: validateSetup(setup), out, baseDir };
    const end = await this.#lab.run({ ...order, hold: false, pcap }, () => {}).ended;
    if (end.reason !== "completed") throw new Error(end.because);
    const recording = readRecording(out);
    const of: LabTrial["of"] = <K extends Sample["kind"]>(kind: K) =>
      recording.samples.filter((sample): sample is Extract<Sample, { kind: K }> => sample.kind === kind);
    return { recording, packets: of("packet"), of };
  }

  /** Closes the lab, and removes the folder. */
  async close(): Promise<void> {
    await this.#lab?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
