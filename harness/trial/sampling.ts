import type { LatestSamples } from "../lab/condition.ts";
import { type Waited, waitedBy } from "../lab/deadline.ts";
import type { World } from "../lab/world.ts";
import type { CostSample, CountersSample, Sample, SocketsSample } from "../model/sample.ts";
import type { HostName, ProgramName } from "../model/names.ts";
import type { ObserversPlan } from "../model/setup.ts";
import { threadCpuMs } from "../observers/cost.ts";
import { observeCounters } from "../observers/counters.ts";
import { observeListeners } from "../observers/listeners.ts";
import type { Observer } from "../observers/observer.ts";
import { observeProcesses } from "../observers/processes.ts";
import { readProcesses } from "../observers/processes/proc.ts";
import type { ProcessStat } from "../observers/processes/stat.ts";
import { observePressure, type PressureObserver, type TrialProcesses } from "../observers/pressure.ts";
import { observeSockets } from "../observers/sockets.ts";
import type { TrialClock } from "./clock.ts";
import { LatenessWatch } from "./lateness.ts";

/** The shortest time between two samples of the pressure. */
const PRESSURE_EVERY_MS = 90;
/** The time between two turns when the pressure is all that a trial samples. */
const NOTHING_ELSE_MS = 1_000;

/** Observers that are due within this time sample now, so that data which they share is read only once. */
const TOGETHER_MS = 5;

interface Sampler {
  observer: Observer<Sample>;
  everyMs: number;
  dueMs: number;
  looks: number;
  totalMs: number;
  longestMs: number;
  cpuMs: number;
}

interface LatestOfHost {
  sockets?: SocketsSample;
  counters?: CountersSample;
}

/** What the observers of a trial sample. */
export interface Observed {
  plan: ObserversPlan;
  world: World;
  /** The pids of a host's programs at the time of the call. */
  roots: (host: HostName) => Map<ProgramName, number>;
  /** The pids of the wires' processes. */
  wires: () => (number | undefined)[];
  /** All processes that can belong to the programs. By default, all processes in /proc. */
  everyone?: () => ProcessStat[];
}

/** All observers of a trial: when each one samples, its latest sample, and what the sampling cost. */
export class Sampling {
  readonly lateness = new LatenessWatch();
  /** For how long the trial, its programs and its wires were ready to run and had no processor. Bounds do not count this time. */
  readonly waited: Waited;
  readonly #clock: TrialClock;
  readonly #append: (sample: Sample) => void;
  readonly #pressure: PressureObserver;
  readonly #pressureSampler: Omit<Sampler, "observer">;
  readonly #samplers: Sampler[] = [];
  readonly #latest = new Map<HostName, LatestOfHost>();
  readonly #everyone: () => ProcessStat[];
  /** All processes of /proc, read once for all hosts that are sampled in one turn of the event loop. */
  #processes: ProcessStat[] | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isPaused = true;

  constructor(
    { plan, world, roots, wires, everyone = readProcesses }: Observed,
    clock: TrialClock,
    append: (sample: Sample) => void,
  ) {
    this.#clock = clock;
    this.#append = append;
    this.#everyone = everyone;
    for (const host of world.hosts.values()) {
      // Processes first: their sample finds the sockets' owners.
      const processes =
        plan.processes &&
        observeProcesses(
          host,
          () => roots(host.name),
          () => this.#everyProcess(),
        );
      if (processes && plan.processes) this.#add(processes, plan.processes.everyMs);
      if (plan.counters) this.#add(observeCounters(host), plan.counters.everyMs);
      const holders = (): ReadonlyMap<number, number[]> | null => processes?.holders() ?? null;
      if (plan.listeners) this.#add(observeListeners(host, holders), plan.listeners.everyMs);
      if (plan.sockets) {
        const sockets = observeSockets(host, {
          holders,
          ...(processes && { descriptors: () => processes.descriptors() }),
          tcpInfo: plan.sockets.tcpInfo ?? false,
        });
        this.#add(sockets, plan.sockets.everyMs);
      }
    }
    const processes = (): TrialProcesses => ({
      programs: new Map([...world.hosts.keys()].flatMap((host) => [...roots(host)])),
      wires: wires(),
    });
    this.#pressure = observePressure(processes, () => this.#everyProcess());
    this.waited = waitedBy(
      () => {
        const { programs, wires: wirePids } = processes();
        return [process.pid, ...programs.values(), ...wirePids.filter((pid) => pid !== undefined)];
      },
      () => this.lateness.totalMs,
    );
    this.#pressureSampler = newSampler(PRESSURE_EVERY_MS);
  }

  /** The files about processors that this machine does not have. */
  get unseenPressure(): string[] {
    return this.#pressure.unseen;
  }

  /** Begins to sample, each observer at its own interval. `onFault` is called when one fails. */
  start(onFault: (sentence: string) => void): void {
    // The first samples are due one interval from now: the caller has just sampled, or sampling was paused.
    for (const sampler of this.#samplers) sampler.dueMs = performance.now() + sampler.everyMs;
    this.#isPaused = false;
    this.#waitForNext(onFault);
  }

  /** Sets one timer for the next observer that is due. With a fixed interval, a trial of a hundred samples would wake 5 times as often. */
  #waitForNext(onFault: (sentence: string) => void): void {
    const nextMs = Math.min(
      ...this.#samplers.map((sampler) => sampler.dueMs),
      Math.max(this.#pressureSampler.dueMs, performance.now() + NOTHING_ELSE_MS),
    );
    this.#timer = setTimeout(
      () => {
        const nowMs = performance.now();
        this.lateness.turn(nowMs - nextMs);
        this.#turn(nowMs, onFault);
        if (!this.#isPaused) this.#waitForNext(onFault);
      },
      Math.max(1, nextMs - performance.now()),
    );
  }

  #turn(nowMs: number, onFault: (sentence: string) => void): void {
    let looked = this.#samplers.length === 0;
    for (const sampler of this.#samplers) {
      const lateMs = nowMs - sampler.dueMs;
      if (lateMs < -TOGETHER_MS) continue;
      looked = true;
      this.lateness.look(Math.max(0, lateMs));
      sampler.dueMs = Math.max(sampler.dueMs + sampler.everyMs, nowMs);
      try {
        this.#look(sampler);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        onFault(`the observer ${sampler.observer.name} failed: ${why}`);
      }
    }
    if (looked && nowMs >= this.#pressureSampler.dueMs) this.#lookAtPressure("look");
  }

  /** Takes no more samples until the next `start`. What a user does by hand to a held trial is no evidence. */
  pause(): void {
    this.#isPaused = true;
    clearTimeout(this.#timer);
  }

  /** Takes a sample with every observer now: at the origin, and `atEnd` of each phase. At the end, the pressure has all threads, too. */
  sampleAll({ atEnd = false } = {}): void {
    for (const sampler of this.#samplers) {
      sampler.dueMs = performance.now() + sampler.everyMs;
      this.#look(sampler);
    }
    this.#lookAtPressure(atEnd ? "lookAtAll" : "look");
  }

  /** The observers' part of the latest samples. */
  latest(): Pick<LatestSamples, "sockets" | "counters"> {
    return {
      sockets: (host) => this.#latest.get(host)?.sockets,
      counters: (host) => this.#latest.get(host)?.counters,
    };
  }

  costs(): CostSample["observers"] {
    const costs: Record<string, Required<CostSample["observers"][string]>> = {};
    const all = [...this.#samplers, { ...this.#pressureSampler, observer: this.#pressure }];
    for (const { observer, looks, totalMs, longestMs, cpuMs } of all) {
      const sum = (costs[observer.name] ??= { looks: 0, totalMs: 0, longestMs: 0, cpuMs: 0 });
      sum.looks += looks;
      sum.totalMs = round(sum.totalMs + totalMs);
      sum.longestMs = round(Math.max(sum.longestMs, longestMs));
      sum.cpuMs = round(sum.cpuMs + cpuMs);
    }
    return costs;
  }

  close(): void {
    this.pause();
    for (const { observer } of this.#samplers) observer.close();
    this.#pressure.close();
  }

  #add(observer: Observer<Sample>, everyMs: number): void {
    this.#samplers.push({ observer, ...newSampler(everyMs) });
  }

  #lookAtPressure(how: "look" | "lookAtAll"): void {
    const sampler = this.#pressureSampler;
    sampler.dueMs = performance.now() + sampler.everyMs;
    this.#append(timed(sampler, () => this.#pressure[how](this.#clock.now(), this.lateness.take())));
  }

  #look(sampler: Sampler): Sample {
    const sample = timed(sampler, () => sampler.observer.look(this.#clock.now()));
    this.#append(sample);
    if (sample.kind === "sockets") this.#remember(sample.host, { sockets: sample });
    if (sample.kind === "counters") this.#remember(sample.host, { counters: sample });
    return sample;
  }

  #everyProcess(): ProcessStat[] {
    if (this.#processes === null) {
      this.#processes = this.#everyone();
      setImmediate(() => {
        this.#processes = null;
      });
    }
    return this.#processes;
  }

  #remember(host: HostName, latest: LatestOfHost): void {
    this.#latest.set(host, { ...this.#latest.get(host), ...latest });
  }
}

function newSampler(everyMs: number): Omit<Sampler, "observer"> {
  return { everyMs, dueMs: performance.now(), looks: 0, totalMs: 0, longestMs: 0, cpuMs: 0 };
}

/** Takes a sample, and adds its cost to the sampler's account. */
function timed<T>(sampler: Omit<Sampler, "observer">, look: () => T): T {
  const [beganMs, beganCpuMs] = [performance.now(), threadCpuMs()];
  const seen = look();
  const tookMs = performance.now() - beganMs;
  sampler.cpuMs += threadCpuMs() - beganCpuMs;
  sampler.looks += 1;
  sampler.totalMs += tookMs;
  sampler.longestMs = Math.max(sampler.longestMs, tookMs);
  return seen;
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
