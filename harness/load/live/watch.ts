import { currentNamespace, releaseNamespace } from "../../kernel/namespace.ts";
import type { Endpoint } from "../load-plan.ts";
import type { Look, LookCost } from "../load-run.ts";
import { observeCounters } from "../../observers/counters.ts";
import { observeListeners } from "../../observers/listeners.ts";
import { observeSockets } from "../../observers/sockets.ts";
import { BystanderWatch } from "./bystanders.ts";
import { monotonicUs } from "./monotonic.ts";
import { holdersOf, processesCpuMs, threadTimes } from "./threads.ts";

/** The pause between two looks, if a look costs little. */
const EVERY_MS = 100;
/** The share of one processor's time that looks may use. */
const MOST_SHARE = 0.04;
/** The longest pause between two looks, however much a look costs. */
const LONGEST_MS = 2000;

/** Looks at the target's sockets and the namespace's counters, as often as is cheap. It reads and never writes. */
export class Watch {
  readonly looks: Look[] = [];
  readonly cost: LookCost = { looks: 0, totalMs: 0, longestMs: 0, everyMs: EVERY_MS };
  readonly #observers: {
    sockets: ReturnType<typeof observeSockets>;
    counters: ReturnType<typeof observeCounters>;
    listeners: ReturnType<typeof observeListeners>;
  };
  readonly #bystanders: BystanderWatch;
  readonly #namespace = currentNamespace("here");
  readonly #port: number;
  readonly #onLook: (look: Look) => void;
  readonly #originUs = monotonicUs();
  #generatorPid: number | null = null;
  #serverPids: number[] = [];
  #listening = "";
  #backlog: number | null = null;
  /** What the last three looks took. The least is the cost of a look; the others can include the compilation of a new loop. */
  #lastMs: number[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor({ address, port }: Endpoint, onLook: (look: Look) => void) {
    const host = { name: "here", namespace: this.#namespace };
    this.#port = port;
    this.#onLook = onLook;
    this.#bystanders = new BystanderWatch(port);
    this.#observers = {
      sockets: observeSockets(host, { ports: [port], address, examples: 0 }),
      counters: observeCounters(host),
      listeners: observeListeners(host),
    };
  }

  /** Looks now, and then from time to time. */
  start(): void {
    this.#look({ beside: false });
    this.#schedule(EVERY_MS);
  }

  /** From now on these are the load program's threads. */
  follow(pid: number): void {
    this.#generatorPid = pid;
  }

  /** Looks once more, after the load. */
  end(): void {
    this.#look({ beside: false });
  }

  /** Looks once, `beside` the load or without it; returns the processor time that the look took, in milliseconds. */
  #look({ beside }: { beside: boolean }): number {
    const beganUs = monotonicUs();
    const beganCpuMs = cpuMs();
    const moment = { atUs: beganUs - this.#originUs, phase: "load" as const };
    this.#findServer(moment);
    const look: Look = {
      monotonicUs: beganUs,
      sockets: this.#observers.sockets.look(moment),
      counters: this.#observers.counters.look(moment),
      bystanders: this.#bystanders.look({ beside }),
      backlog: this.#backlog,
      generator: this.#generatorPid === null ? [] : threadTimes([this.#generatorPid]),
      server: this.#serverPids.length === 0 ? null : threadTimes(this.#serverPids),
      serverCpuMs: processesCpuMs(this.#serverPids),
    };
    // Processor time, not elapsed time: elapsed time includes waits for a processor that the load keeps busy.
    const tookMs = cpuMs() - beganCpuMs;
    this.cost.looks += 1;
    this.cost.totalMs += tookMs;
    this.cost.longestMs = Math.max(this.cost.longestMs, tookMs);
    this.looks.push(look);
    this.#onLook(look);
    return tookMs;
  }

  stop(): void {
    clearTimeout(this.#timer);
    for (const observer of Object.values(this.#observers)) observer.close();
    this.#bystanders.close();
    releaseNamespace(this.#namespace);
  }

  #schedule(afterMs: number): void {
    this.#timer = setTimeout(() => {
      this.#lastMs = [...this.#lastMs.slice(-2), this.#look({ beside: true })];
      const nextMs = this.#lastMs.length < 3 ? EVERY_MS : pauseMs(Math.min(...this.#lastMs));
      this.cost.everyMs = Math.max(this.cost.everyMs, nextMs);
      this.#schedule(nextMs);
    }, afterMs);
  }

  /** Finds the processes that listen on the port, again whenever other sockets listen there than at the last look. */
  #findServer(moment: { atUs: number; phase: "load" }): void {
    const listeners = this.#observers.listeners
      .look(moment)
      .listeners.filter(({ port }) => port === this.#port);
    // With SO_REUSEPORT, several sockets listen there, and each has a queue of its own.
    this.#backlog = listeners.length === 0 ? null : Math.min(...listeners.map(({ backlog }) => backlog));
    const inodes = listeners.map(({ inode }) => inode);
    // If the server is gone, it was there before: the times of its threads are in earlier looks.
    if (inodes.length === 0 || inodes.join() === this.#listening) return;
    this.#listening = inodes.join();
    this.#serverPids = holdersOf(inodes);
  }
}

/** How long to pause after a look that took this much processor time, so that looks use no more than their share. */
export function pauseMs(tookMs: number): number {
  return Math.min(LONGEST_MS, Math.max(EVERY_MS, Math.ceil(tookMs / MOST_SHARE)));
}

/** Processor time of this process, user and system. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
