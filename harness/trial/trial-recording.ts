import { readFileSync } from "node:fs";
import { arch, release } from "node:os";
import type { World } from "../lab/world.ts";
import { RECORDING_FORMAT } from "../model/recording.ts";
import type { EndSample, Sample } from "../model/sample.ts";
import type { Setup } from "../model/setup.ts";
import { cpuSoFar } from "../observers/cost.ts";
import { openRecording, type RecordingWriter } from "../recording/write.ts";
import type { TrialClock } from "./clock.ts";
import type { Looks } from "./looks.ts";

/** What a recording is of, and where it goes. */
export interface RecordedTrial {
  experiment: string;
  variant: string;
  setup: Setup;
  /** Absolute path. */
  out: string;
}

/** The recording of a trial while it is made: the header when it begins, every sample, and what it cost when it ends. */
export class TrialRecording {
  readonly #clock: TrialClock;
  readonly #looks: Looks;
  readonly #writer: RecordingWriter;

  /** Throws when the file cannot be opened. */
  constructor(
    { out, experiment, variant, setup }: RecordedTrial,
    { world, clock, looks }: { world: World; clock: TrialClock; looks: Looks },
  ) {
    this.#clock = clock;
    this.#looks = looks;
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
      unseenPressure: looks.unseenPressure,
    });
  }

  /** Throws when the disk takes it no more. */
  append(sample: Sample): void {
    this.#writer.append(sample);
  }

  beginPhase(): void {
    this.append({ ...this.#clock.now(), kind: "phase", event: "begin" });
  }

  endPhase(met: boolean): void {
    this.append({ ...this.#clock.now(), kind: "phase", event: "end", met });
  }

  /** Writes how it ended and what it cost, and closes the file, also when that throws. `because` is of a fault. */
  end(reason: EndSample["reason"], because: string | null): void {
    try {
      if (reason === "fault")
        this.append({ ...this.#clock.now(), kind: "fault", because: because ?? "unknown" });
      this.append({ ...this.#clock.now(), kind: "cost", ...cpuSoFar(), observers: this.#looks.costs() });
      this.append({ ...this.#clock.now(), kind: "end", reason });
    } finally {
      this.#looks.close();
      this.#writer.close();
    }
  }
}
