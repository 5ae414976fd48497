// Runs the programs of one setup in network namespaces of its own, without a trial and without observers, and the doctor on some of the hosts,
// again and again until the setup is over. Reads its order from standard input, and prints what the doctors printed. It runs inside
// namespaces of its own: inLab().
import { readFileSync } from "node:fs";
import { waitedBy, type Waited } from "../../harness/lab/deadline.ts";
import type { LatestSamples } from "../../harness/lab/condition.ts";
import { Orphanage } from "../../harness/lab/orphans.ts";
import { writeSysctl } from "../../harness/lab/sysctl.ts";
import { buildWorld, hostNamed, type Host, type World } from "../../harness/lab/world.ts";
import { descendants } from "../../harness/kernel/process.ts";
import type { HostName, ProgramName } from "../../harness/model/names.ts";
import type { InterventionPlan, PhasePlan, Setup } from "../../harness/model/setup.ts";
import { observeCounters } from "../../harness/observers/counters.ts";
import { observeSockets } from "../../harness/observers/sockets.ts";
import { TrialClock } from "../../harness/trial/clock.ts";
import { Programs } from "../../harness/trial/programs.ts";
import { walk, type Site } from "../../harness/trial/walk.ts";
import { Wires } from "../../harness/trial/wires.ts";
import { type Doctored, startDoctor } from "./place.ts";

/** What to run, and where the doctor looks, for how many seconds each time. */
export interface LiveOrder {
  setup: Setup;
  baseDir: string;
  hosts: HostName[];
  seconds: number;
  args: string[];
}

/** What the doctors printed, in order, and why the setup did not run as it says, if it did not. */
export interface Lived {
  rounds: ({ host: HostName; phase: string } & Doctored)[];
  fault: string | null;
}

class Live implements Site {
  readonly waited: Waited = waitedBy(() => [process.pid, ...descendants(process.pid)]);
  readonly rounds: Lived["rounds"] = [];
  readonly #order: LiveOrder;
  readonly #clock = new TrialClock();
  readonly #world: World;
  readonly #programs: Programs;
  readonly #wires: Wires;
  readonly #orphanage: Orphanage;
  readonly #looks: Record<"sockets" | "counters", Map<HostName, { look: (moment: never) => unknown }>>;
  #fault: string | null = null;
  #isOver = false;
  #doctors: Promise<void>[] = [];

  constructor(order: LiveOrder) {
    this.#order = order;
    this.#world = buildWorld(order.setup);
    const onFault = (because: string): void => void (this.#fault ??= because);
    const [clock, waited] = [this.#clock, this.waited];
    const place = { setup: order.setup, world: this.#world, baseDir: order.baseDir, clock, waited };
    this.#programs = new Programs(place, () => {}, onFault);
    this.#wires = new Wires(this.#world.wires, { clock, append: () => {}, onFault, waited, capture: null });
    this.#orphanage = new Orphanage(
      () =>
        new Set([
          ...this.#programs.pids(),
          ...this.#wires.pids().filter((pid) => pid !== undefined),
          ...this.#own,
        ]),
    );
    const hosts = [...this.#world.hosts.values()];
    this.#looks = {
      sockets: new Map(hosts.map((host) => [host.name, observeSockets(host, { examples: 0 })])),
      counters: new Map(hosts.map((host) => [host.name, observeCounters(host)])),
    };
  }

  readonly #own = new Set<number>();

  async run(): Promise<Lived> {
    try {
      await this.#wires.ready();
      await walk(this.#order.setup, this);
    } catch (error) {
      this.#fault ??= error instanceof Error ? error.message : String(error);
    }
    this.#isOver = true;
    await Promise.all(this.#doctors);
    await this.#programs.endAll();
    return { rounds: this.rounds, fault: this.#fault };
  }

  /** Conditions are read from the kernel when a phase asks. */
  latest(): LatestSamples {
    const look = (kind: "sockets" | "counters", host: HostName): never =>
      this.#looks[kind].get(host)?.look(this.#clock.now() as never) as never;
    return {
      phaseElapsedMs: this.#clock.phaseElapsedMs(),
      exited: (program) => this.#programs.exited(program),
      ready: (program) => this.#programs.ready(program),
      sockets: (host) => look("sockets", host),
      counters: (host) => look("counters", host),
    };
  }

  async startServer(server: ProgramName): Promise<void> {
    if ((await this.#programs.startServer(server)) === null) throw new Error(`${server} is not ready`);
  }

  startClient(client: ProgramName): void {
    this.#programs.startClient(client);
  }

  /** Before the load begins, every doctor looks already. */
  async beginPhase({ name }: PhasePlan): Promise<void> {
    if (name === "load") {
      const hosts = this.#order.hosts.map((host) => hostNamed(host, this.#world.hosts));
      await Promise.all(hosts.map((host) => this.#begin(host)));
    }
    this.#clock.enter(name);
  }

  endPhase(): void {}

  async intervene(plan: InterventionPlan): Promise<void> {
    if ("signal" in plan.do) this.#programs.signal(plan.do.program, plan.do.signal);
    else if ("sysctl" in plan.do)
      writeSysctl(hostNamed(plan.do.on, this.#world.hosts).namespace, plan.do.sysctl, plan.do.value);
    else if ("restart" in plan.do) await this.#programs.restart(plan.do.restart);
    await this.#wires.intervene(plan);
  }

  async turn(atMostMs: number): Promise<void> {
    if (this.#fault !== null) throw new Error(this.#fault);
    this.#orphanage.sweep();
    await new Promise((resolve) => setTimeout(resolve, Math.min(Math.max(atMostMs, 1), 50)));
  }

  /** Starts a doctor on a host, and another one whenever it has ended, until the setup is over. Resolves when the first one looks. */
  async #begin(host: Host): Promise<void> {
    const first = this.#doctor(host);
    const others = async (): Promise<void> => {
      await first.ended;
      while (!this.#isOver) await this.#doctor(host).ended;
    };
    this.#doctors.push(others());
    await first.looks;
  }

  #doctor({ name, namespace }: Host): { looks: Promise<void>; ended: Promise<void> } {
    const { seconds, args } = this.#order;
    const { pid, looks, ended } = startDoctor(namespace, ["--duration", String(seconds), ...args]);
    this.#own.add(pid);
    const recorded = ended.then((doctored) => {
      this.#own.delete(pid);
      this.rounds.push({ host: name, phase: this.#clock.phase, ...doctored });
    });
    return { looks, ended: recorded };
  }
}

const order = JSON.parse(readFileSync(0, "utf8")) as LiveOrder;
const lived = await new Live(order).run();
console.log(JSON.stringify(lived));
// The programs end with this process: it is pid 1 of its pid namespace.
process.exit(0);
