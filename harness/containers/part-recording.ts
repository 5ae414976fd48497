import type { CountersSample, ProgramSample, Sample, SocketsSample } from "../model/sample.ts";
import type { HostName, PhaseName, ProgramName } from "../model/names.ts";
import { TrialClock } from "../trial/clock.ts";
import { Sampling } from "../trial/sampling.ts";
import { TrialRecording } from "../trial/trial-recording.ts";
import { worldHere } from "./here.ts";
import type { PartOrder } from "./message.ts";

/** The part of a trial's recording that one host makes, from the order to the end of the trial. */
export class PartRecording {
  readonly clock = new TrialClock();
  readonly #order: PartOrder;
  readonly #recording: TrialRecording;
  readonly #sampling: Sampling;
  readonly #saw: (sample: SocketsSample | CountersSample) => void;

  constructor(
    host: HostName,
    order: PartOrder,
    pids: Map<ProgramName, number>,
    on: { saw: (sample: SocketsSample | CountersSample) => void; fault: (because: string) => void },
  ) {
    this.#order = order;
    this.#saw = on.saw;
    const world = worldHere(host, order.setup);
    this.#sampling = new Sampling(
      { plan: order.setup.observers, world, roots: () => pids, wires: () => [] },
      this.clock,
      (sample) => this.append(sample),
    );
    this.#recording = new TrialRecording(order, { world, clock: this.clock, sampling: this.#sampling });
    this.#sampling.sampleAll();
    this.#sampling.start(on.fault);
  }

  get looksAtProcesses(): boolean {
    return this.#order.setup.observers.processes !== undefined;
  }

  append(sample: Sample): void {
    this.#recording.append(sample);
    if (sample.kind === "sockets" || sample.kind === "counters") this.#saw(sample);
  }

  programSample(program: ProgramName, event: ProgramSample["event"], pid: number | null): ProgramSample {
    return { ...this.clock.now(), kind: "program", program, event, pid };
  }

  /** The port on which a server listens when it is ready; undefined for a server that prints its port. */
  listensOf(program: ProgramName): number | undefined {
    return this.#order.setup.programs[program]?.listens;
  }

  begin(phase: PhaseName): void {
    this.clock.enter(phase);
    this.#recording.beginPhase();
  }

  finishPhase(met: boolean): void {
    this.#sampling.sampleAll({ atEnd: true });
    this.#recording.endPhase(met);
  }

  finish(reason: "completed" | "interrupted" | "fault", because: string | null): void {
    this.#sampling.pause();
    if (this.clock.phase !== "end") this.clock.enter("end");
    this.#recording.end(reason, because);
  }
}
