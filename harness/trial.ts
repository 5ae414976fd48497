// The program of a trial's process: a setup comes in, a recording comes out. It never sees an expectation.
import { readFileSync } from "node:fs";
import { arch, release } from "node:os";
import { ConditionWatch, type Sight } from "./lab/condition.ts";
import { Deadline } from "./lab/deadline.ts";
import type { TrialCommand, TrialEnd, TrialMessage, TrialOrder, TrialProgress } from "./lab/order.ts";
import { Orphanage } from "./lab/orphans.ts";
import { writeSysctl } from "./lab/sysctl.ts";
import { buildWorld, hostNamed, type World } from "./lab/world.ts";
import { RECORDING_FORMAT } from "./model/recording.ts";
import type { Sample } from "./model/sample.ts";
import type { InterventionPlan, PhasePlan } from "./model/setup.ts";
import { listensOn } from "./observers/listening.ts";
import { Kin } from "./observers/processes/kin.ts";
import { openRecording, type RecordingWriter } from "./recording/write.ts";
import { Capture } from "./trial/capture.ts";
import { Cast } from "./trial/cast.ts";
import { TrialClock } from "./trial/clock.ts";
import { Looks } from "./trial/looks.ts";
import { Progress } from "./trial/progress.ts";
import { cpuSoFar } from "./observers/cost.ts";
import { Wakeup } from "./trial/wakeup.ts";
import { Wires } from "./trial/wires.ts";

/** A phase's condition and the interventions are asked when something was seen that may change the answer, and not sooner than so. */
const ASK_EVERY_MS = 10;
/** How often progress is told. */
const TELL_EVERY_MS = 250;
/** What a condition may be about, besides time (Sight). */
const ASKED_OF: ReadonlySet<Sample["kind"]> = new Set(["sockets", "counters", "program"]);

/** What ends the walk before its time. */
class Halt extends Error {
  readonly end: TrialEnd;
  constructor(end: TrialEnd) {
    super(end.because ?? end.reason);
    this.end = end;
  }
}

class Trial {
  readonly #order: TrialOrder;
  readonly #clock = new TrialClock();
  readonly #world: World;
  readonly #writer: RecordingWriter;
  readonly #cast: Cast;
  readonly #looks: Looks;
  readonly #wires: Wires;
  readonly #orphanage: Orphanage;
  readonly #wakeup = new Wakeup();
  readonly #kin = new Kin(process.pid);
  readonly #undone: Set<InterventionPlan>;
  readonly #progress = new Progress(progress);
  #halt: TrialEnd | null = null;
  #released = false;

  constructor(order: TrialOrder) {
    const { setup } = order;
    this.#order = order;
    this.#world = buildWorld(setup);
    const append = (sample: Sample): void => this.#append(sample);
    const fault = (because: string): void => this.halt({ reason: "fault", because });
    this.#looks = new Looks(
      {
        plan: setup.observers,
        world: this.#world,
        roots: (host) => this.#cast.roots(host),
        wires: () => this.#wires.pids(),
        everyone: () => this.#kin.read(),
      },
      this.#clock,
      append,
    );
    this.#writer = openRecording(order.out, {
      kind: "header",
      format: RECORDING_FORMAT,
      experiment: order.experiment,
      variant: order.variant,
      setup,
      kernel: { release: release(), machine: arch() },
      node: process.version,
      bootId: readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim(),
      originUs: this.#clock.originUs,
      startedAt: this.#clock.startedAt,
      sysctls: this.#world.sysctls,
      addresses: Object.fromEntries(
        [...this.#world.hosts.values()].map((host) => [host.name, host.addresses]),
      ),
      unseenPressure: this.#looks.unseenPressure,
    });
    this.#cast = new Cast(
      {
        setup,
        world: this.#world,
        baseDir: order.baseDir,
        clock: this.#clock,
        waited: this.#looks.waited,
      },
      append,
      fault,
    );
    this.#wires = new Wires(this.#world.wires, {
      clock: this.#clock,
      append,
      onFault: fault,
      waited: this.#looks.waited,
      capture: captureOf(order, this.#clock),
    });
    this.#orphanage = new Orphanage(
      () => new Set([...this.#cast.pids(), ...this.#wires.pids().filter((pid) => pid !== undefined)]),
    );
    this.#undone = new Set(setup.interventions);
  }

  halt(end: TrialEnd): void {
    this.#halt ??= end;
    // Somebody who waits for a server's ready line looks at nothing else.
    this.#cast.giveUp();
    this.#wakeup.call();
  }

  release(): void {
    this.#released = true;
    this.#wakeup.call();
  }

  /** Walks the setup from its first server to its last phase, and closes the recording, whatever happens. */
  async run(): Promise<TrialEnd> {
    try {
      await this.#walk();
    } catch (error) {
      this.halt(error instanceof Halt ? error.end : { reason: "fault", because: sentence(error) });
    }
    return this.#finish();
  }

  async #walk(): Promise<void> {
    await this.#wires.ready();
    this.#looks.all();
    this.#look();
    for (const server of this.#cast.names("server")) {
      const port = await this.#cast.startServer(server);
      this.#stopIfHalted();
      if (port === null) throw new Error(`the server ${server} is not ready`);
      this.#checkListens(server, port);
    }
    for (const phase of this.#order.setup.phases) {
      await this.#walkPhase(phase);
      if (phase.name === "drain" && this.#order.hold) await this.#holdHere();
    }
  }

  /** A program's word is not taken for what the kernel can show. */
  #checkListens(server: string, port: number): void {
    const host = this.#order.setup.programs[server]?.host ?? "";
    if (listensOn(hostNamed(host, this.#world.hosts), port)) return;
    throw new Error(
      `the server ${server} said "ready ${port}", and nothing on host ${host} listens on port ${port}`,
    );
  }

  async #walkPhase(phase: PhasePlan): Promise<void> {
    this.#clock.enter(phase.name);
    this.#append({ ...this.#clock.now(), kind: "phase", event: "begin" });
    progress({ kind: "phase", phase: phase.name });
    if (phase.name === "load")
      for (const client of this.#cast.names("client")) this.#cast.startClient(client);
    if (phase.name === "end") void this.#cast.endAll();
    const until = new ConditionWatch(phase.until);
    const bound = new Deadline(phase.withinMs ?? Infinity, this.#looks.waited);
    const interventions = [...this.#undone]
      .filter((plan) => plan.phase === phase.name)
      .map((plan) => ({ plan, when: new ConditionWatch(plan.when) }));
    let toldMs = 0;
    let met = until.holds(this.#sight());
    while (!met && !bound.isOver) {
      const sight = this.#sight();
      const asked = interventions.filter(({ plan }) => this.#undone.has(plan)).map(({ when }) => when);
      const dueInMs = [until, ...asked].map((condition) => condition.dueInMs(sight));
      await this.#turn(Math.min(...dueInMs, bound.remainingMs));
      this.#orphanage.sweep();
      for (const { plan, when } of interventions) {
        if (this.#undone.has(plan) && when.holds(this.#sight())) await this.#intervene(plan);
      }
      met = until.holds(this.#sight());
      if (performance.now() - toldMs > TELL_EVERY_MS) {
        toldMs = performance.now();
        this.#tell();
      }
    }
    this.#looks.all({ atEnd: true });
    this.#tell();
    this.#append({ ...this.#clock.now(), kind: "phase", event: "end", met });
  }

  async #intervene(plan: InterventionPlan): Promise<void> {
    this.#undone.delete(plan);
    let because: string | null = null;
    try {
      if ("signal" in plan.do) this.#cast.signal(plan.do.program, plan.do.signal);
      else if ("sysctl" in plan.do) this.#write(plan.do);
      else if ("restart" in plan.do && !(await this.#cast.restart(plan.do.restart)))
        because = `${plan.do.restart} did not come back`;
      await this.#wires.intervene(plan);
    } catch (error) {
      because = sentence(error);
    }
    const sample = { ...this.#clock.now(), kind: "intervention" as const, name: plan.name };
    this.#append(because === null ? { ...sample, done: true } : { ...sample, done: false, because });
    if (because !== null)
      this.halt({ reason: "fault", because: `the intervention ${plan.name} failed: ${because}` });
  }

  #write({ sysctl, value, on }: { sysctl: string; value: string; on: string }): void {
    writeSysctl(hostNamed(on, this.#world.hosts).namespace, sysctl, value);
  }

  async #holdHere(): Promise<void> {
    const hosts = [...this.#world.hosts.values()].map(({ name, namespace }) => ({
      host: name,
      fd: namespace.fd,
    }));
    this.#looks.pause();
    progress({ kind: "held", trialPid: process.pid, hosts });
    while (!this.#released) {
      await this.#turn(TELL_EVERY_MS);
      this.#orphanage.sweep();
    }
    this.#look();
  }

  /** One turn of the loop, which waits until there is something to be asked, or for so long; it throws when the trial is to end. */
  async #turn(atMostMs: number): Promise<void> {
    await this.#wakeup.sleep(ASK_EVERY_MS, Math.min(atMostMs, TELL_EVERY_MS));
    this.#stopIfHalted();
  }

  #look(): void {
    this.#looks.start((because) => this.halt({ reason: "fault", because }));
  }

  async #finish(): Promise<TrialEnd> {
    for (const plan of this.#undone) {
      // Only a walk that came to its end could have met it.
      if (this.#halt === null)
        this.halt({ reason: "fault", because: `the intervention ${plan.name} never came to its condition` });
    }
    // What the end of the programs does to their sockets is no part of the last phase.
    this.#looks.pause();
    if (this.#clock.phase !== "end") this.#clock.enter("end");
    await this.#cast.endAll();
    try {
      await this.#wires.finish();
    } catch (error) {
      this.halt({ reason: "fault", because: sentence(error) });
    }
    this.#orphanage.clear();
    const end = this.#halt ?? { reason: "completed" };
    try {
      if (end.reason === "fault")
        this.#writer.append({ ...this.#clock.now(), kind: "fault", because: end.because ?? "unknown" });
      this.#writer.append({
        ...this.#clock.now(),
        kind: "cost",
        ...cpuSoFar(),
        observers: this.#looks.costs(),
      });
      this.#writer.append({ ...this.#clock.now(), kind: "end", reason: end.reason });
    } catch (error) {
      return { reason: "fault", because: sentence(error) };
    } finally {
      this.#looks.close();
      this.#writer.close();
      this.#world.close();
    }
    return end;
  }

  #append(sample: Sample): void {
    if (sample.kind === "pressure") this.#progress.saw(sample, this.#clock.phaseElapsedMs());
    try {
      this.#writer.append(sample);
    } catch (error) {
      this.halt({ reason: "fault", because: sentence(error) });
    }
    if (ASKED_OF.has(sample.kind)) this.#wakeup.call();
  }

  #sight(): Sight {
    return {
      phaseElapsedMs: this.#clock.phaseElapsedMs(),
      exited: (program) => this.#cast.exited(program),
      ...this.#looks.sight(),
    };
  }

  #stopIfHalted(): void {
    if (this.#halt !== null) throw new Halt(this.#halt);
  }

  #tell(): void {
    const latest = [...this.#world.hosts.keys()].map((host) => this.#looks.sight().sockets(host));
    this.#progress.tell(latest.filter((sample) => sample !== undefined));
  }
}

/** Where the packets of a trial go, when somebody asked for them and it has a wire. */
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
