// The program of a trial's process. It receives a setup and writes a recording. It does not know the experiment's expectations.
import { setTimeout as sleep } from "node:timers/promises";
import type { LatestSamples } from "./lab/condition.ts";
import { Deadline, type Waited } from "./lab/deadline.ts";
import type { TrialCommand, TrialEnd, TrialMessage, TrialOrder, TrialProgress } from "./lab/order.ts";
import { Orphanage } from "./lab/orphans.ts";
import { writeSysctl } from "./lab/sysctl.ts";
import { buildWorld, hostNamed, type World } from "./lab/world.ts";
import type { ProgramName } from "./model/names.ts";
import type { Sample } from "./model/sample.ts";
import type { InterventionPlan, PhasePlan } from "./model/setup.ts";
import { Kin } from "./observers/processes/kin.ts";
import { Capture } from "./trial/capture.ts";
import { Programs } from "./trial/programs.ts";
import { TrialClock } from "./trial/clock.ts";
import { PrintedFiles } from "./trial/printed-files.ts";
import { Sampling } from "./trial/sampling.ts";
import { Progress } from "./trial/progress.ts";
import { TrialRecording } from "./trial/trial-recording.ts";
import { Wakeup } from "./trial/wakeup.ts";
import { walk, type Site } from "./trial/walk.ts";
import { Wires } from "./trial/wires.ts";

/** Conditions are checked again when a new sample can change the answer, but no sooner than this after the last check. */
const ASK_EVERY_MS = 10;
/** How often progress is reported. */
const TELL_EVERY_MS = 250;
/** How long the programs still run after the last phase, in time that they were given. A report takes a few milliseconds. */
const LAST_REPORTS_MS = 50;
/** The kinds of samples that a condition can depend on (LatestSamples). */
const ASKED_OF: ReadonlySet<Sample["kind"]> = new Set(["sockets", "counters", "program"]);

/** Ends the walk early. */
class Halt extends Error {
  readonly end: TrialEnd;
  constructor(end: TrialEnd) {
    super(end.because ?? end.reason);
    this.end = end;
  }
}

class Trial implements Site {
  readonly #order: TrialOrder;
  readonly #clock = new TrialClock();
  readonly #world: World;
  readonly #recording: TrialRecording;
  readonly #programs: Programs;
  readonly #sampling: Sampling;
  readonly #wires: Wires;
  readonly #orphanage: Orphanage;
  readonly #wakeup = new Wakeup();
  readonly #kin = new Kin(process.pid);
  readonly #progress = new Progress(progress);
  #halt: TrialEnd | null = null;
  #toldMs = 0;
  #released = false;

  constructor(order: TrialOrder) {
    const { setup } = order;
    this.#order = order;
    this.#world = buildWorld(setup);
    const append = (sample: Sample): void => this.#append(sample);
    const fault = (because: string): void => this.halt({ reason: "fault", because });
    this.#sampling = new Sampling(
      {
        plan: setup.observers,
        world: this.#world,
        roots: (host) => this.#programs.roots(host),
        wires: () => this.#wires.pids(),
        everyone: () => this.#kin.read(),
      },
      this.#clock,
      append,
    );
    this.#recording = new TrialRecording(order, {
      world: this.#world,
      clock: this.#clock,
      sampling: this.#sampling,
    });
    this.#programs = new Programs(
      {
        setup,
        world: this.#world,
        baseDir: order.baseDir,
        clock: this.#clock,
        ...(order.user !== undefined && { user: order.user }),
        printed: new PrintedFiles(order.out, Object.keys(setup.programs)),
        waited: this.#sampling.waited,
      },
      append,
      fault,
    );
    this.#wires = new Wires(this.#world.wires, {
      clock: this.#clock,
      append,
      onFault: fault,
      waited: this.#sampling.waited,
      capture: captureOf(order, this.#clock),
    });
    this.#orphanage = new Orphanage(
      () => new Set([...this.#programs.pids(), ...this.#wires.pids().filter((pid) => pid !== undefined)]),
    );
  }

  halt(end: TrialEnd): void {
    this.#halt ??= end;
    // A walk that waits for a server to become ready checks nothing else meanwhile.
    this.#programs.giveUp();
    this.#wakeup.call();
  }

  release(): void {
    this.#released = true;
    this.#wakeup.call();
  }

  /** Runs the setup. Closes the recording in any case. */
  async run(): Promise<TrialEnd> {
    try {
      await this.#wires.ready();
      this.#sampling.sampleAll();
      this.#startSampling();
      await walk(this.#order.setup, this);
    } catch (error) {
      this.halt(error instanceof Halt ? error.end : { reason: "fault", because: sentence(error) });
    }
    return this.#finish();
  }

  get waited(): Waited {
    return this.#sampling.waited;
  }

  latest(): LatestSamples {
    return {
      phaseElapsedMs: this.#clock.phaseElapsedMs(),
      exited: (program) => this.#programs.exited(program),
      ready: (program) => this.#programs.ready(program),
      ...this.#sampling.latest(),
    };
  }

  async startServer(server: ProgramName): Promise<void> {
    const isReady = await this.#programs.startServer(server);
    this.#stopIfHalted();
    if (!isReady) throw new Error(`the server ${server} is not ready`);
  }

  startClient(client: ProgramName): void {
    this.#programs.startClient(client);
  }

  beginPhase({ name }: PhasePlan): void {
    this.#clock.enter(name);
    this.#record(() => this.#recording.beginPhase());
    progress({ kind: "phase", phase: name });
    if (name === "end") void this.#programs.endAll();
  }

  async endPhase({ name }: PhasePlan, met: boolean): Promise<void> {
    this.#sampling.sampleAll({ atEnd: true });
    this.#tell();
    this.#record(() => this.#recording.endPhase(met));
    // "end" ends the programs: a held trial still has them.
    const last = this.#order.setup.phases.findLast((phase) => phase.name !== "end");
    if (name === last?.name && this.#order.hold) await this.#holdHere(name);
  }

  async intervene(plan: InterventionPlan): Promise<void> {
    const begun = this.#clock.now();
    let because: string | null = null;
    try {
      if ("signal" in plan.do) this.#programs.signal(plan.do.program, plan.do.signal, plan.do);
      else if ("sysctl" in plan.do) this.#write(plan.do);
      else if ("restart" in plan.do && !(await this.#programs.restart(plan.do.restart)))
        because = `${plan.do.restart} did not become ready again`;
      await this.#wires.intervene(plan);
    } catch (error) {
      because = sentence(error);
    }
    // What a signal does to a program can be recorded before kill() has returned, so a signal has the moment before it.
    const moment = "signal" in plan.do ? begun : this.#clock.now();
    const sample = { ...moment, kind: "intervention" as const, name: plan.name };
    this.#append(because === null ? { ...sample, done: true } : { ...sample, done: false, because });
    if (because !== null)
      this.halt({ reason: "fault", because: `the intervention ${plan.name} failed: ${because}` });
  }

  /** Throws when the trial has to end. */
  async turn(atMostMs: number): Promise<void> {
    await this.#wakeup.sleep(ASK_EVERY_MS, Math.min(atMostMs, TELL_EVERY_MS));
    this.#stopIfHalted();
    this.#orphanage.sweep();
    if (performance.now() - this.#toldMs < TELL_EVERY_MS) return;
    this.#toldMs = performance.now();
    this.#tell();
  }

  #write({ sysctl, value, on }: { sysctl: string; value: string; on: string }): void {
    writeSysctl(hostNamed(on, this.#world.hosts).namespace, sysctl, value);
  }

  async #holdHere(phase: PhasePlan["name"]): Promise<void> {
    const hosts = [...this.#world.hosts.values()].map(({ name, namespace }) => ({
      host: name,
      fd: namespace.fd,
    }));
    this.#sampling.pause();
    progress({ kind: "held", phase, trialPid: process.pid, hosts });
    while (!this.#released) await this.turn(TELL_EVERY_MS);
    this.#startSampling();
  }

  #startSampling(): void {
    this.#sampling.start((because) => this.halt({ reason: "fault", because }));
  }

  /** Lets the programs print what the end of the last phase woke them for, for example a recv() that failed with its socket. */
  async #lastReports(): Promise<void> {
    const deadline = new Deadline(LAST_REPORTS_MS, this.#sampling.waited);
    while (!deadline.isOver) await sleep(Math.ceil(deadline.remainingMs));
  }

  async #finish(): Promise<TrialEnd> {
    // Sampling pauses first: what the end of the programs does to their sockets does not belong to the last phase.
    this.#sampling.pause();
    if (this.#clock.phase !== "end") {
      this.#clock.enter("end");
      if (this.#halt === null) await this.#lastReports();
    }
    await this.#programs.endAll();
    try {
      await this.#wires.finish();
    } catch (error) {
      this.halt({ reason: "fault", because: sentence(error) });
    }
    this.#orphanage.clear();
    const end = this.#halt ?? { reason: "completed" };
    try {
      this.#recording.end(end.reason, end.because ?? null);
    } catch (error) {
      return { reason: "fault", because: sentence(error) };
    } finally {
      this.#world.close();
    }
    return end;
  }

  #append(sample: Sample): void {
    if (sample.kind === "pressure") this.#progress.saw(sample, this.#clock.phaseElapsedMs());
    this.#record(() => this.#recording.append(sample));
    if (ASKED_OF.has(sample.kind)) this.#wakeup.call();
  }

  /** Writes to the recording. An error ends the trial. */
  #record(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.halt({ reason: "fault", because: sentence(error) });
    }
  }

  #stopIfHalted(): void {
    if (this.#halt !== null) throw new Halt(this.#halt);
  }

  #tell(): void {
    const latest = [...this.#world.hosts.keys()].map((host) => this.#sampling.latest().sockets(host));
    this.#progress.tell(latest.filter((sample) => sample !== undefined));
  }
}

/** The packet file of a trial; null when none is wanted or the trial has no wire. */
function captureOf({ pcap, setup, experiment, variant }: TrialOrder, clock: TrialClock): Capture | null {
  const wires = setup.links.flatMap((link) => (link.kind === "wire" ? [link.between] : []));
  if (pcap === null || wires.length === 0) return null;
  return new Capture(pcap, `${experiment}/${variant}`, clock.originUnixUs, wires);
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function tell(message: TrialMessage, then: () => void = () => {}): void {
  process.send?.(message, undefined, undefined, then);
}

function progress(said: TrialProgress): void {
  tell({ kind: "progress", progress: said });
}

function endWith(end: TrialEnd): void {
  tell({ kind: "end", end }, () => process.exit(0));
}

let trial: Trial | undefined;

process.on("message", (message) => {
  const command = message as TrialCommand;
  if (command.kind === "release") trial?.release();
  if (command.kind === "stop") trial?.halt({ reason: "interrupted", because: "somebody stopped it" });
  if (command.kind === "order" && trial === undefined) {
    try {
      trial = new Trial(command.order);
    } catch (error) {
      endWith({ reason: "fault", because: sentence(error) });
      return;
    }
    void trial.run().then(endWith);
  }
});
process.on("disconnect", () => process.exit(1));
