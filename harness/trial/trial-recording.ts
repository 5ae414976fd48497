import { readFileSync } from "node:fs";
import { arch, release } from "node:os";
import type { World } from "../lab/world.ts";
import { RECORDING_FORMAT } from "../model/recording.ts";
import type { EndSample, Sample } from "../model/sample.ts";
import type { Setup } from "../model/setup.ts";
import { cpuSoFar } from "../observers/cost.ts";
import { openRecording, type RecordingWriter } from "../recording/write.ts";
import type { TrialClock } from "./clock.ts";
import type { Sampling } from "./sampling.ts";

/** The trial that is recorded, and the file of the recording. */
export interface RecordedTrial {
  experiment: string;
  variant: string;
  setup: Setup;
  /** Absolute path. */
  out: string;
}

/** Writes the recording of a trial: the header at the beginning, every sample, and at the end what the trial cost. */
export class TrialRecording {
  readonly #clock: TrialClock;
  readonly #sampling: Sampling;
  readonly #writer: RecordingWriter;

  /** Throws when the file cannot be opened. */
  constructor(
    { out, experiment, variant, setup }: RecordedTrial,
    { world, clock, sampling }: { world: World; clock: TrialClock; sampling: Sampling },
  ) {
    this.#clock = clock;
    this.#sampling = sampling;
    this.#writer = openRecording(out, {
      kind: "header",
      format: RECORDING_FORMAT,
      experiment,
      variant,
      setup,
      kernel: { release: release(), machine: arch() },
      node: process.version,
      bootId: readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim(),
      originUs: clock.originUs,
      startedAt: clock.startedAt,
      sysctls: world.sysctls,
      addresses: Object.fromEntries([...world.hosts].map(([name, { addresses }]) => [name, addresses])),
      unseenPressure: sampling.unseenPressure,
    });
  }

  /** Throws when the sample cannot be written, for example on a full disk. */
  append(sample: Sample): void {
    this.#writer.append(sample);
  }

  beginPhase(): void {
    this.append({ ...this.#clock.now(), kind: "phase", event: "begin" });
  }

  endPhase(met: boolean): void {
    this.append({ ...this.#clock.now(), kind: "phase", event: "end", met });
  }

  /** Writes how the trial ended and what it cost. Closes the file, also after an error. `because` is the reason of a fault. */
  end(reason: EndSample["reason"], because: string | null): void {
    try {
      if (reason === "fault")
        this.append({ ...this.#clock.now(), kind: "fault", because: because ?? "unknown" });
      this.append({ ...this.#clock.now(), kind: "cost", ...cpuSoFar(), observers: this.#sampling.costs() });
      this.append({ ...this.#clock.now(), kind: "end", reason });
    } finally {
      this.#sampling.close();
      this.#writer.close();
    }
  }
}
