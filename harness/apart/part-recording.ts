import type { CountersSample, ProgramSample, Sample, SocketsSample } from "../model/sample.ts";
import type { HostName, PhaseName, ProgramName } from "../model/names.ts";
import { TrialClock } from "../trial/clock.ts";
import { Looks } from "../trial/looks.ts";
import { TrialRecording } from "../trial/trial-recording.ts";
import { worldHere } from "./here.ts";
import type { PartOrder } from "./message.ts";

/** What one host shows of a trial, from the order to the end of the recording. */
export class PartRecording {
  readonly clock = new TrialClock();
  readonly #order: PartOrder;
  readonly #recording: TrialRecording;
  readonly #looks: Looks;
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
    this.#looks = new Looks(
      { plan: order.setup.observers, world, roots: () => pids, wires: () => [] },
      this.clock,
      (sample) => this.append(sample),
    );
    this.#recording = new TrialRecording(order, { world, clock: this.clock, looks: this.#looks });
    this.#looks.all();
    this.#looks.start(on.fault);
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

  /** The port on which a server listens when it is ready; undefined where it says so. */
  listensOf(program: ProgramName): number | undefined {
    return this.#order.setup.programs[program]?.listens;
  }

  begin(phase: PhaseName): void {
    this.clock.enter(phase);
    this.#recording.beginPhase();
  }

  finishPhase(met: boolean): void {
    this.#looks.all({ atEnd: true });
    this.#recording.endPhase(met);
  }

  finish(reason: "completed" | "interrupted" | "fault", because: string | null): void {
    this.#looks.pause();
    if (this.clock.phase !== "end") this.clock.enter("end");
    this.#recording.end(reason, because);
  }
}
