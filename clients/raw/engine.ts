import { setImmediate } from "node:timers/promises";
import type { SocketAddress } from "../../harness/kernel/address.ts";
import { Epoll } from "../../harness/kernel/epoll.ts";
import { classify } from "../../harness/load/outcome.ts";
import type { Trouble } from "../../harness/load/outcome.ts";
import type { ClientPlan } from "../../harness/load/plan.ts";
import type { AttemptFailure } from "../../harness/model/sample.ts";
import { monotonicUs } from "./clock.ts";
import { Connection } from "./connection.ts";
import type { Surroundings } from "./connection.ts";
import { Deadlines } from "./deadlines.ts";
import { dueAtUs, sleepMs } from "./pacing.ts";
import type { Protocol } from "./protocol.ts";
import { attemptRow, connectionRow, neverBegunRow } from "./row.ts";
import type { AttemptRow, ConnectionRow } from "./row.ts";

/** Who is told what happens, and given time to write it out. */
export interface Listener {
  attempt(row: AttemptRow): void;
  /** The end of a connection that carried one attempt after another. */
  connection(row: ConnectionRow): void;
  /** Comes round at least every 60 ms or so. */
  breathe(nowUs: number): void;
}

/** The most events taken from one wait. */
const EVENTS_MOST = 512;
/** The most attempts begun before events are looked at, so that the first need not wait for the last. */
const BEGUN_IN_A_ROW = 64;
const BUFFER_BYTES = 65_536;
/** The longest sleep: a signal that the kernel gives to another thread of the process is seen after it. */
const SLEEP_MOST_MS = 50;
/** How long turns may follow one another before Node gets to run signal handlers and to write. */
const TURNS_US = 10_000;

/** Runs a plan: begins attempts when they are due and a slot is free, and tells how each ended. */
export class Engine {
  readonly #plan: ClientPlan;
  readonly #keepOpen: boolean;
  readonly #listener: Listener;
  readonly #around: Surroundings;
  readonly #byFd: (Connection | undefined)[] = [];
  /** Idle connections, the longest idle first: taken in turn, all are used alike. */
  readonly #idle = new Set<Connection>();
  #open = 0;
  #connections = 0;
  #begun = 0;
  #over = 0;
  #startUs = 0;
  #endUs = 0;
  #stopped = false;

  constructor(
    plan: ClientPlan,
    address: SocketAddress,
    protocol: Protocol,
    keepOpen: boolean,
    listener: Listener,
  ) {
    this.#plan = plan;
    this.#keepOpen = keepOpen;
    this.#listener = listener;
    this.#around = {
      address,
      protocol,
      close: plan.close,
      keepOpen,
      hold: plan.holdMs > 0,
      epoll: new Epoll(EVENTS_MOST),
      buffer: Buffer.alloc(BUFFER_BYTES),
      timeouts: new Deadlines(plan.timeoutMs),
      holds: new Deadlines(plan.holdMs),
      onAttempt: (connection, outcome) => this.#onAttempt(connection, outcome),
      onIdle: (connection) => this.#idle.add(connection),
      onClosed: (connection, failure) => this.#onClosed(connection, failure),
    };
  }

  /** Resolves when every attempt is accounted for and every connection closed, or the run was stopped. */
  async run(): Promise<void> {
    this.#startUs = monotonicUs();
    this.#endUs = this.#startUs + this.#plan.withinMs * 1000;
    while (this.#turns()) await setImmediate();
    this.#around.epoll.close();
  }

  /** Ends the run at the next turn: attempts under way are ECANCELED, those not yet begun are not told. */
  stop(): void {
    this.#stopped = true;
  }

  /** Some turns of the loop. False when the run is over. */
  #turns(): boolean {
    const untilUs = monotonicUs() + TURNS_US;
    for (;;) {
      const nowUs = monotonicUs();
      this.#listener.breathe(nowUs);
      if (this.#stopped || nowUs >= this.#endUs) {
        this.#cutShort();
        return false;
      }
      if (nowUs >= untilUs) return true;
      this.#expire(nowUs);
      const more = this.#beginDue(nowUs);
      if (this.#over === this.#plan.attempts) this.#finishIdle();
      if (this.#over === this.#plan.attempts && this.#open === 0) return false;
      this.#wait(more);
    }
  }

  #wait(more: boolean): void {
    const { epoll, timeouts, holds } = this.#around;
    let sleep = 0;
    if (!more) {
      const dueUs = this.#mayBegin() ? this.#nextDueUs() : Infinity;
      const untilUs = Math.min(this.#endUs, timeouts.nextUs(), holds.nextUs(), dueUs);
      sleep = sleepMs(monotonicUs(), untilUs, SLEEP_MOST_MS);
    }
    const count = epoll.wait(sleep);
    for (let index = 0; index < count; index++) {
      this.#byFd[epoll.fdAt(index)]?.onEvents(epoll.eventsAt(index));
    }
  }

  #expire(nowUs: number): void {
    const { timeouts, holds } = this.#around;
    for (const late of timeouts.over(nowUs)) late.onTimeout();
    for (const held of holds.over(nowUs)) held.onHeld();
  }

  /** Begins what is due. True when it stopped although more could begin. */
  #beginDue(nowUs: number): boolean {
    for (let row = 0; row < BEGUN_IN_A_ROW; row++) {
      if (!this.#mayBegin() || this.#nextDueUs() > nowUs) return false;
      this.#begin();
    }
    return true;
  }

  #mayBegin(): boolean {
    return this.#begun < this.#plan.attempts && (this.#open < this.#plan.concurrency || this.#idle.size > 0);
  }

  #nextDueUs(): number {
    return dueAtUs(this.#startUs, this.#begun + 1, this.#plan.ratePerSecond);
  }

  /** A new connection while there are fewer than the plan allows, otherwise the one that has been idle longest. */
  #begin(): void {
    this.#begun += 1;
    if (this.#open >= this.#plan.concurrency) {
      for (const connection of this.#idle) {
        this.#idle.delete(connection);
        return connection.begin(this.#begun);
      }
    }
    this.#open += 1;
    const connection = new Connection(this.#nextConnection(), this.#around);
    connection.begin(this.#begun);
    if (connection.fd !== -1) this.#byFd[connection.fd] = connection;
  }

  #nextConnection(): number {
    this.#connections += 1;
    return this.#connections;
  }

  #finishIdle(): void {
    for (const connection of this.#idle) {
      this.#idle.delete(connection);
      connection.finish();
    }
  }

  #cutShort(): void {
    const trouble: Trouble = this.#stopped ? { kind: "cancelled" } : { kind: "timeout" };
    for (const connection of this.#byFd) connection?.cutShort(trouble);
    if (!this.#stopped) this.#tellNeverBegun();
  }

  /** Accounts for the attempts whose turn never came, each with the number of a connection that was never made. */
  #tellNeverBegun(): void {
    const outcome = classify("connect", { kind: "never-begun" });
    while (this.#begun < this.#plan.attempts) {
      this.#begun += 1;
      this.#listener.attempt(neverBegunRow(this.#begun, this.#nextConnection(), outcome));
    }
  }

  #onAttempt(connection: Connection, outcome: "ok" | AttemptFailure): void {
    this.#over += 1;
    this.#listener.attempt(attemptRow(connection, outcome));
  }

  #onClosed(connection: Connection, failure: AttemptFailure | null): void {
    this.#open -= 1;
    this.#idle.delete(connection);
    if (connection.fd !== -1) this.#byFd[connection.fd] = undefined;
    if (this.#keepOpen) this.#listener.connection(connectionRow(connection, failure));
  }
}
