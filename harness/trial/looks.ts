import type { Sight } from "../lab/condition.ts";
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

/** How often the pressure is looked at, at most. */
const PRESSURE_EVERY_MS = 90;
/** Between two turns of a trial of which nothing else is looked at. */
const NOTHING_ELSE_MS = 1_000;

/** Those who are due so soon look now: together they read what they share once. */
const TOGETHER_MS = 5;

interface Post {
  observer: Observer<Sample>;
  everyMs: number;
  dueMs: number;
  looks: number;
  totalMs: number;
  longestMs: number;
  cpuMs: number;
}

interface Latest {
  sockets?: SocketsSample;
  counters?: CountersSample;
}

/** Whom the observers of a trial look at. */
export interface Observed {
  plan: ObserversPlan;
  world: World;
  /** The pids of a host's programs at the time of asking. */
  roots: (host: HostName) => Map<ProgramName, number>;
  /** The pids of the wires' processes. */
  wires: () => (number | undefined)[];
  /** The processes among which those of the programs are; absent, all that /proc shows. */
  everyone?: () => ProcessStat[];
}

/** All observers of a trial: who looks when, what was seen last, and what the looking cost. */
export class Looks {
  readonly lateness = new LatenessWatch();
  /** For how long the trial, its programs and its wires were ready and had no processor: what bounds do not count. */
  readonly waited: Waited;
  readonly #clock: TrialClock;
  readonly #append: (sample: Sample) => void;
  readonly #pressure: PressureObserver;
  readonly #pressurePost: Omit<Post, "observer">;
  readonly #posts: Post[] = [];
  readonly #latest = new Map<HostName, Latest>();
  readonly #everyone: () => ProcessStat[];
  /** What /proc showed, for all hosts that are looked at in one turn of the loop. */
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
      // Processes first: the sockets' owners are those that this look saw.
      const processes =
        plan.processes &&
        observeProcesses(
          host,
          () => roots(host.name),
          () => this.#everyProcess(),
        );
      if (processes && plan.processes) this.#post(processes, plan.processes.everyMs);
      if (plan.counters) this.#post(observeCounters(host), plan.counters.everyMs);
      if (plan.listeners) this.#post(observeListeners(host), plan.listeners.everyMs);
      if (plan.sockets) {
        const holders = (): ReadonlyMap<number, number[]> | null => processes?.holders() ?? null;
        const sockets = observeSockets(host, { holders, tcpInfo: plan.sockets.tcpInfo ?? false });
        this.#post(sockets, plan.sockets.everyMs);
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
    this.#pressurePost = newPost(PRESSURE_EVERY_MS);
  }

  /** What this machine does not show of its processors, by file. */
  get unseenPressure(): string[] {
    return this.#pressure.unseen;
  }

  /** Begins to look, each observer at its own interval. `onFault` is told when one fails. */
  start(onFault: (sentence: string) => void): void {
    // Whoever starts has just looked, or has no use for the time that was paused.
    for (const post of this.#posts) post.dueMs = performance.now() + post.everyMs;
    this.#isPaused = false;
    this.#waitForNext(onFault);
  }

  /** Until somebody is due, nobody wakes: a trial of a hundred looks would be woken five times as often. */
  #waitForNext(onFault: (sentence: string) => void): void {
    const nextMs = Math.min(
      ...this.#posts.map((post) => post.dueMs),
      Math.max(this.#pressurePost.dueMs, performance.now() + NOTHING_ELSE_MS),
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
    let looked = this.#posts.length === 0;
    for (const post of this.#posts) {
      const lateMs = nowMs - post.dueMs;
      if (lateMs < -TOGETHER_MS) continue;
      looked = true;
      this.lateness.look(Math.max(0, lateMs));
      post.dueMs = Math.max(post.dueMs + post.everyMs, nowMs);
      try {
        this.#look(post);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        onFault(`the observer ${post.observer.name} failed: ${why}`);
      }
    }
    if (looked && nowMs >= this.#pressurePost.dueMs) this.#lookAtPressure("look");
  }

  /** No more looks until the next `start`: what is done to a held world by hand is no evidence. */
  pause(): void {
    this.#isPaused = true;
    clearTimeout(this.#timer);
  }

  /** Every observer looks now: at the origin, and `atEnd` of each phase, when all threads are looked at, too. */
  all({ atEnd = false } = {}): void {
    for (const post of this.#posts) {
      post.dueMs = performance.now() + post.everyMs;
      this.#look(post);
    }
    this.#lookAtPressure(atEnd ? "lookAtAll" : "look");
  }

  /** The part of a condition's sight that observers give. */
  sight(): Pick<Sight, "sockets" | "counters"> {
    return {
      sockets: (host) => this.#latest.get(host)?.sockets,
      counters: (host) => this.#latest.get(host)?.counters,
    };
  }

  costs(): CostSample["observers"] {
    const costs: Record<string, Required<CostSample["observers"][string]>> = {};
    const all = [...this.#posts, { ...this.#pressurePost, observer: this.#pressure }];
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
    for (const { observer } of this.#posts) observer.close();
    this.#pressure.close();
  }

  #post(observer: Observer<Sample>, everyMs: number): void {
    this.#posts.push({ observer, ...newPost(everyMs) });
  }

  #lookAtPressure(how: "look" | "lookAtAll"): void {
    const post = this.#pressurePost;
    post.dueMs = performance.now() + post.everyMs;
    this.#append(timed(post, () => this.#pressure[how](this.#clock.now(), this.lateness.take())));
  }

  #look(post: Post): Sample {
    const sample = timed(post, () => post.observer.look(this.#clock.now()));
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

  #remember(host: HostName, latest: Latest): void {
    this.#latest.set(host, { ...this.#latest.get(host), ...latest });
  }
}

function newPost(everyMs: number): Omit<Post, "observer"> {
  return { everyMs, dueMs: performance.now(), looks: 0, totalMs: 0, longestMs: 0, cpuMs: 0 };
}

/** Looks, and adds what that took to the post's account. */
function timed<T>(post: Omit<Post, "observer">, look: () => T): T {
  const [beganMs, beganCpuMs] = [performance.now(), threadCpuMs()];
  const seen = look();
  const tookMs = performance.now() - beganMs;
  post.cpuMs += threadCpuMs() - beganCpuMs;
  post.looks += 1;
  post.totalMs += tookMs;
  post.longestMs = Math.max(post.longestMs, tookMs);
  return seen;
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
