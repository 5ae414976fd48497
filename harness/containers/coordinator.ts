import type { LatestSamples } from "../lab/condition.ts";
import { Deadline } from "../lab/deadline.ts";
import type { TrialEnd } from "../lab/order.ts";
import type { HostName, ProgramName } from "../model/names.ts";
import type { CountersSample, SocketsSample } from "../model/sample.ts";
import type { InterventionPlan, PhasePlan, Setup } from "../model/setup.ts";
import { TrialClock } from "../trial/clock.ts";
import { walk, type Site } from "../trial/walk.ts";
import { type LineSocket, reach } from "./line-socket.ts";
import { observerPath, type CoordinatorSays, type ObserverSays } from "./message.ts";

/** How often conditions are checked. */
const ASK_EVERY_MS = 10;
/** How long an observer may take to carry out a command. The first command may take longer: it waits for the programs. */
const ANSWER_WITHIN_MS = 10_000;

/** A trial whose hosts are containers. `folder` has the sockets by which its parts reach each other. */
export interface TrialApart {
  experiment: string;
  variant: string;
  setup: Setup;
  folder: string;
  /** How long the parts may take to start. */
  withinMs: number;
  /** Absolute path of a host's recording. */
  out: (host: HostName) => string;
}

class Halt extends Error {}

/** Leads a trial whose hosts are containers: it starts the programs and the phases. The hosts' observers take all samples. */
export class Coordinator implements Site {
  readonly #trial: TrialApart;
  readonly #onPhase: (phase: string) => void;
  readonly #clock = new TrialClock();
  readonly #observers = new Map<HostName, LineSocket>();
  readonly #answers = new Map<HostName, () => void>();
  readonly #sockets = new Map<HostName, SocketsSample>();
  readonly #counters = new Map<HostName, CountersSample>();
  readonly #ready = new Set<ProgramName>();
  readonly #exited = new Set<ProgramName>();
  #end: TrialEnd | null = null;

  constructor(trial: TrialApart, onPhase: (phase: string) => void) {
    this.#trial = trial;
    this.#onPhase = onPhase;
  }

  /** Ends the trial early. */
  halt(end: TrialEnd): void {
    this.#end ??= end;
    for (const answer of this.#answers.values()) answer();
  }

  /** Runs the setup, from the first observer to the last phase. It never rejects: an error is in `reason` and `because` of the end. */
  async run(): Promise<TrialEnd> {
    try {
      await this.#walk();
    } catch (error) {
      if (!(error instanceof Halt))
        this.halt({ reason: "fault", because: error instanceof Error ? error.message : String(error) });
    }
    const end = this.#end ?? { reason: "completed" };
    await Promise.all(
      [...this.#observers].map(([host]) =>
        this.#ask(
          host,
          { kind: "finish", reason: end.reason, because: end.because ?? null },
          ANSWER_WITHIN_MS,
        ),
      ),
    );
    for (const observer of this.#observers.values()) observer.close();
    return this.#end ?? end;
  }

  async #walk(): Promise<void> {
    const { setup } = this.#trial;
    const hosts = Object.keys(setup.hosts);
    // allSettled, so that no observer is still being waited for when the trial ends.
    const met = await Promise.allSettled(hosts.map((host) => this.#meet(host)));
    for (const one of met) if (one.status === "rejected") throw one.reason;
    await walk(setup, this);
  }

  /** Always 0: the coordinator does not know how long the programs waited for a processor. */
  readonly waited = (): number => 0;

  latest(): LatestSamples {
    return {
      phaseElapsedMs: this.#clock.phaseElapsedMs(),
      exited: (program) => this.#exited.has(program),
      ready: (program) => this.#ready.has(program),
      sockets: (host) => this.#sockets.get(host),
      counters: (host) => this.#counters.get(host),
    };
  }

  async startServer(program: ProgramName): Promise<void> {
    const { withinMs = 0, listens } = this.#trial.setup.programs[program] ?? {};
    await this.startClient(program);
    const bound = new Deadline(withinMs, this.waited);
    while (!this.#ready.has(program)) {
      if (bound.isOver) {
        const what = listens === undefined ? `print "ready <port>"` : `listen on port ${listens}`;
        throw new Error(`the server ${program} did not ${what} within ${withinMs} ms`);
      }
      await this.turn(ASK_EVERY_MS);
    }
  }

  async startClient(program: ProgramName): Promise<void> {
    await this.#tell(this.#trial.setup.programs[program]?.host ?? "", { kind: "start", program });
  }

  async beginPhase({ name }: PhasePlan): Promise<void> {
    this.#onPhase(name);
    this.#clock.enter(name);
    await this.#tellAll({ kind: "begin", phase: name });
  }

  async endPhase(_: PhasePlan, met: boolean): Promise<void> {
    await this.#tellAll({ kind: "finish-phase", met });
  }

  /** A setup whose hosts are containers has no interventions (here.ts). */
  intervene({ name }: InterventionPlan): void {
    throw new Error(`the intervention ${name} is not possible where hosts are containers`);
  }

  async turn(atMostMs: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, Math.min(atMostMs, ASK_EVERY_MS)));
    this.#stopIfHalted();
  }

  /** Connects to the observer of a host and gives it its order. The observer answers when all programs of the host have connected. */
  async #meet(host: HostName): Promise<void> {
    const { experiment, variant, setup, folder, withinMs, out } = this.#trial;
    const observer = await reach(observerPath(folder, host), withinMs, () => this.#end !== null);
    if (observer === null) {
      this.#stopIfHalted();
      this.#giveUp(
        `the observer of ${host} was not found within ${withinMs / 1000} s: has its container started?`,
      );
    }
    this.#observers.set(host, observer);
    observer.listen(
      (line) => this.#hear(host, JSON.parse(line) as ObserverSays),
      () => this.#lost(host),
    );
    const order = { experiment, variant, setup, out: out(host) };
    const isThere = await this.#ask(host, { kind: "coordinator", order }, withinMs);
    this.#stopIfHalted();
    if (!isThere) {
      const programs = Object.entries(setup.programs).filter(([, plan]) => plan.host === host);
      this.#giveUp(
        `not all programs of ${host} were found within ${withinMs / 1000} s (${programs.map(([name]) => name).join(", ")}): have their containers started?`,
      );
    }
  }

  #hear(host: HostName, said: ObserverSays): void {
    if (said.kind === "did") this.#answers.get(host)?.();
    else if (said.kind === "fault") this.halt({ reason: "fault", because: said.because });
    else if (said.sample.kind === "sockets") this.#sockets.set(host, said.sample);
    else if (said.sample.kind === "counters") this.#counters.set(host, said.sample);
    else {
      const { event, program, because } = said.sample;
      if (event === "ready") this.#ready.add(program);
      if (event === "exited") this.#exited.add(program);
      if (event === "failed") this.halt({ reason: "fault", because: `the program ${program} ${because}` });
    }
  }

  #lost(host: HostName): void {
    this.#observers.delete(host);
    this.halt({ reason: "fault", because: `the observer of ${host} has ended: see its container's log` });
    this.#answers.get(host)?.();
  }

  async #tellAll(said: CoordinatorSays): Promise<void> {
    await Promise.all([...this.#observers.keys()].map((host) => this.#tell(host, said)));
  }

  async #tell(host: HostName, said: CoordinatorSays): Promise<void> {
    const isDone = await this.#ask(host, said, ANSWER_WITHIN_MS);
    this.#stopIfHalted();
    if (!isDone)
      throw new Error(`the observer of ${host} did not answer within ${ANSWER_WITHIN_MS} ms (${said.kind})`);
  }

  /** Sends a command. Returns whether it was carried out in time. An observer gets one command after the other. */
  async #ask(host: HostName, said: CoordinatorSays, withinMs: number): Promise<boolean> {
    const observer = this.#observers.get(host);
    if (observer === undefined) return false;
    let isDone = false;
    await new Promise<void>((resolve) => {
      const bound = setTimeout(resolve, withinMs);
      this.#answers.set(host, () => {
        isDone = true;
        clearTimeout(bound);
        resolve();
      });
      observer.say(said);
    });
    this.#answers.delete(host);
    return isDone;
  }

  /** Ends the trial because something that it waits for did not come. */
  #giveUp(because: string): never {
    this.halt({ reason: "fault", because });
    throw new Halt();
  }

  #stopIfHalted(): void {
    if (this.#end !== null) throw new Halt();
  }
}
