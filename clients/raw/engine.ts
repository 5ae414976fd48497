import { setImmediate, setTimeout } from "node:timers/promises";
import type { SocketAddress } from "../../harness/kernel/address.ts";
import { Epoll, EPOLLET, EPOLLIN } from "../../harness/kernel/epoll.ts";
import { classify } from "../../harness/load/outcome.ts";
import type { Trouble } from "../../harness/load/outcome.ts";
import type { ClientPlan } from "../../harness/load/plan.ts";
import { askForShortSlices } from "../../harness/kernel/urgency.ts";
import { Timer } from "../../harness/kernel/timer.ts";
import type { AttemptFailure } from "../../harness/model/sample.ts";
import { BackOff } from "../load/back-off.ts";
import { monotonicUs } from "../load/clock.ts";
import { Connection } from "./connection.ts";
import type { Surroundings } from "./connection.ts";
import { Deadlines } from "../load/deadlines.ts";
import { dueAtUs, sleepMs } from "../load/pacing.ts";
import type { Protocol } from "./protocol.ts";
import type { Driven, Listener } from "../load/driven.ts";
import { Queue } from "../load/queue.ts";
import { numberOf } from "../load/share.ts";
import type { Share } from "../load/share.ts";
import { Views } from "./views.ts";

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
export class Engine implements Driven {
  readonly #plan: ClientPlan;
  readonly #share: Share;
  readonly #listener: Listener;
  readonly #around: Surroundings;
  readonly #byFd: (Connection | undefined)[] = [];
  /** Idle connections, the longest idle first: taken in turn, all are used alike. */
  readonly #idle = new Queue<Connection>();
  #open = 0;
  #connections = 0;
  #begun = 0;
  #over = 0;
  /** How many attempts there are to be: those of the plan, or, once the load's time is over, those begun until then. */
  #attempts: number;
  #startUs = 0;
  /** Since when there is a place for an attempt; Infinity: there is none. */
  #placeSinceUs = 0;
  /** When attempts are no longer begun. */
  #loadEndUs = Infinity;
  #endUs = 0;
  readonly #timer = new Timer();
  /** When the current turn began, and how much of it was sleep. */
  #turnUs = 0;
  #sleptUs = 0;
  #stopped = false;
  /** Where attempts follow one another as fast as they end. A number of attempts is a bound of its own, and so is a rate. */
  readonly #backOff: BackOff | null;
  readonly #delay = new AbortController();

  constructor(
    plan: ClientPlan,
    address: SocketAddress,
    { protocol, keepOpen, share }: { protocol: Protocol; keepOpen: boolean; share: Share },
    listener: Listener,
  ) {
    this.#plan = plan;
    this.#share = share;
    this.#attempts = plan.attempts;
    this.#backOff = plan.durationMs !== Infinity && plan.ratePerSecond === 0 ? new BackOff() : null;
    this.#listener = listener;
    this.#around = {
      address,
      protocol,
      close: plan.close,
      keepOpen,
      responsesMost: keepOpen ? plan.requestsPerConnection : 1,
      portsWanted: plan.report === "attempts",
      hold: plan.holdMs > 0,
      epoll: new Epoll(EVENTS_MOST),
      near: true,
      buffer: new Views(BUFFER_BYTES),
      timeouts: new Deadlines(plan.timeoutMs),
      holds: new Deadlines(plan.holdMs),
      onAttempt: (connection, outcome) => this.#onAttempt(connection, outcome),
      onIdle: (connection) => this.#onIdle(connection),
      onClosed: (connection, failure) => this.#onClosed(connection, failure),
    };
  }

  /** Begins at a moment of CLOCK_MONOTONIC. Resolves when every attempt is accounted for and every connection closed, or the run was stopped. */
  async run(startUs: number): Promise<void> {
    const delayMs = Math.ceil((startUs - monotonicUs()) / 1000);
    if (delayMs > 0) await setTimeout(delayMs, undefined, { signal: this.#delay.signal }).catch(() => {});
    // Where there is a time to begin at, whoever else runs on this processor is not to make it later.
    if (this.#plan.ratePerSecond > 0) askForShortSlices();
    this.#around.epoll.add(this.#timer.fd, EPOLLIN | EPOLLET);
    this.#startUs = startUs;
    this.#turnUs = monotonicUs();
    this.#loadEndUs = this.#startUs + this.#plan.durationMs * 1000;
    this.#endUs = this.#startUs + this.#plan.withinMs * 1000;
    this.#listener.begin(this.#startUs);
    while (this.#turns()) await setImmediate();
    this.#timer.close();
    this.#around.epoll.close();
    this.#listener.over((this.#backOff?.totalUs ?? 0) / 1000);
  }

  /** Ends the run at the next turn: attempts under way are ECANCELED, those not yet begun are not told. */
  stop(): void {
    this.#stopped = true;
    this.#delay.abort();
  }

  /** Some turns of the loop. False when the run is over. */
  #turns(): boolean {
    const untilUs = monotonicUs() + TURNS_US;
    for (;;) {
      const nowUs = monotonicUs();
      this.#listener.breathe(nowUs, nowUs - this.#turnUs - this.#sleptUs);
      this.#turnUs = nowUs;
      this.#sleptUs = 0;
      if (this.#stopped || nowUs >= this.#endUs) {
        this.#cutShort();
        return false;
      }
      if (nowUs >= untilUs) return true;
      this.#expire(nowUs);
      const more = this.#beginDue();
      if (!more && nowUs >= this.#loadEndUs) this.#endLoad();
      if (this.#over === this.#attempts) this.#finishIdle();
      if (this.#over === this.#attempts && this.#open === 0) return false;
      this.#wait(more);
    }
  }

  #wait(more: boolean): void {
    const { epoll } = this.#around;
    const count = more ? epoll.wait(0) : this.#sleep();
    for (let index = 0; index < count; index++) {
      this.#byFd[epoll.fdAt(index)]?.onEvents(epoll.eventsAt(index));
    }
  }

  /** Waits until something has happened, or something is to be done. */
  #sleep(): number {
    const { epoll, timeouts, holds } = this.#around;
    const nowUs = monotonicUs();
    const dueUs = this.#mayBegin() ? this.#nextDueUs(nowUs) : Infinity;
    const untilUs = Math.min(this.#endUs, this.#loadEndUs, timeouts.nextUs(), holds.nextUs(), dueUs);
    const sleep = sleepMs(nowUs, untilUs, SLEEP_MOST_MS);
    if (sleep > 0 && dueUs < nowUs + sleep * 1000) this.#timer.set(dueUs);
    const count = epoll.wait(sleep);
    // Of a sleep that nothing ended, what is too long is lag.
    if (sleep > 0) this.#sleptUs = Math.min(monotonicUs() - nowUs, count > 0 ? Infinity : sleep * 1000);
    return count;
  }

  #expire(nowUs: number): void {
    const { timeouts, holds } = this.#around;
    for (let late = timeouts.takeOver(nowUs); late !== null; late = timeouts.takeOver(nowUs))
      late.onTimeout();
    for (let held = holds.takeOver(nowUs); held !== null; held = holds.takeOver(nowUs)) held.onHeld();
  }

  /** Begins what is due. True when it stopped although more could begin. */
  #beginDue(): boolean {
    for (let row = 0; row < BEGUN_IN_A_ROW; row++) {
      if (!this.#mayBegin()) return false;
      const nowUs = monotonicUs();
      const dueUs = this.#nextDueUs(nowUs);
      if (dueUs > nowUs || dueUs >= this.#loadEndUs) return false;
      if (this.#plan.ratePerSecond > 0 && this.#placeSinceUs <= dueUs)
        this.#listener.late(dueUs, nowUs - dueUs);
      this.#begin(this.#plan.open ? dueUs : nowUs, nowUs);
      if (!this.#hasPlace) this.#placeSinceUs = Infinity;
    }
    return true;
  }

  #mayBegin(): boolean {
    return this.#begun < this.#attempts && this.#hasPlace;
  }

  get #hasPlace(): boolean {
    return this.#open < this.#plan.concurrency || this.#idle.size > 0;
  }

  /** The number of the next attempt. */
  get #next(): number {
    return numberOf(this.#begun + 1, this.#share);
  }

  /** When the next attempt is due; without a rate that is now, unless the last ones have failed. */
  #nextDueUs(nowUs: number): number {
    const { ratePerSecond } = this.#plan;
    if (ratePerSecond === 0) return this.#backOff === null ? nowUs : this.#backOff.nextUs(nowUs);
    return dueAtUs(this.#startUs, this.#next, ratePerSecond);
  }

  /** A new connection while there are fewer than the plan allows, otherwise the one that has been idle longest. */
  #begin(startedUs: number, nowUs: number): void {
    const attempt = this.#next;
    this.#begun += 1;
    this.#backOff?.began();
    const { first } = this.#idle;
    if (this.#open >= this.#plan.concurrency && first !== null) {
      this.#idle.remove(first);
      return first.begin(attempt, startedUs, nowUs);
    }
    this.#open += 1;
    const connection = new Connection(this.#nextConnection(), this.#around, nowUs);
    connection.begin(attempt, startedUs, nowUs);
    if (connection.fd !== -1) this.#byFd[connection.fd] = connection;
  }

  #nextConnection(): number {
    this.#connections += 1;
    return numberOf(this.#connections, this.#share);
  }

  #finishIdle(): void {
    for (let { first } = this.#idle; first !== null; { first } = this.#idle) {
      this.#idle.remove(first);
      first.finish();
    }
  }

  /** The load's time is over. What is due in an open loop and has found no place until now will find none. */
  #endLoad(): void {
    if (this.#plan.open) this.#tellNeverBegun(this.#loadEndUs);
    this.#attempts = this.#begun;
    this.#loadEndUs = Infinity;
  }

  #cutShort(): void {
    if (!this.#stopped && this.#loadEndUs !== Infinity) this.#endLoad();
    const trouble: Trouble = this.#stopped ? { kind: "cancelled" } : { kind: "timeout" };
    for (const connection of this.#byFd) connection?.cutShort(trouble);
    if (!this.#stopped) this.#tellNeverBegun(Infinity);
  }

  /**
   * Accounts for the attempts, due before a moment, whose turn never came, each with the number of a connection that was
   * never made.
   */
  #tellNeverBegun(beforeUs: number): void {
    const outcome = classify("connect", { kind: "never-begun" });
    while (this.#begun < this.#attempts) {
      const nowUs = monotonicUs();
      const dueUs = this.#nextDueUs(nowUs);
      if (dueUs >= beforeUs) return;
      const attempt = this.#next;
      this.#begun += 1;
      this.#over += 1;
      this.#listener.neverBegun(attempt, this.#nextConnection(), this.#plan.open ? dueUs : nowUs, outcome);
    }
  }

  #onAttempt(connection: Connection, outcome: "ok" | AttemptFailure): void {
    this.#over += 1;
    // A refusal is an answer: the server has done its work.
    if (outcome !== "ok" && outcome.phase !== "status") this.#backOff?.failed(monotonicUs());
    else if (this.#backOff?.active === true) this.#backOff.succeeded(monotonicUs());
    this.#listener.attempt(connection, outcome);
  }

  #onIdle(connection: Connection): void {
    this.#idle.add(connection);
    this.#place();
  }

  /** There is a place, again or still. */
  #place(): void {
    if (this.#placeSinceUs === Infinity && this.#plan.ratePerSecond > 0) this.#placeSinceUs = monotonicUs();
  }

  #onClosed(connection: Connection, failure: AttemptFailure | null): void {
    this.#open -= 1;
    this.#place();
    if (connection.fd !== -1) this.#byFd[connection.fd] = undefined;
    this.#listener.connection(connection, failure);
  }
}
