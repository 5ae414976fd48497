import type { ClientPlan } from "../../harness/load/plan.ts";
import type { AttemptFailure } from "../../harness/model/sample.ts";
import { BackOff } from "./back-off.ts";
import { monotonicUs } from "./clock.ts";
import type { Listener } from "./driven.ts";
import { dueAtUs } from "./pacing.ts";
import { Queue } from "./queue.ts";
import type { Queued } from "./queue.ts";
import { numberOf } from "./share.ts";
import type { Share } from "./share.ts";

/** The most attempts begun before the engine serves its connections again. Otherwise the first attempt would wait for the last. */
const BEGUN_IN_A_ROW = 64;

/**
 * Decides when a thread begins its attempts, and counts the begun and the finished ones. An attempt begins when it is due and has a
 * place: a connection that is idle, or that may still be opened. Every engine uses it.
 */
export class Schedule<Connection extends Queued<Connection>> {
  /** Connections without an attempt, the longest idle first. They are taken in this order, so all are used equally. */
  readonly idle = new Queue<Connection>();
  open = 0;
  /** From this time on no attempt begins. */
  loadEndUs = Infinity;
  /** At this time the run ends, whatever is under way. */
  endUs = 0;

  readonly #plan: ClientPlan;
  readonly #share: Share;
  readonly #listener: Listener;
  /** Only for a load with neither a number of attempts nor a rate: each of these already limits a load. */
  readonly #backOff: BackOff | null;
  #connections = 0;
  #begun = 0;
  #over = 0;
  /** How many attempts there will be: those of the plan, or after the end of the load's time those begun before it. */
  #attempts: number;
  #startUs = 0;
  /** Since when a place has been free for an attempt; Infinity: no place is free. */
  #placeSinceUs = 0;

  constructor(plan: ClientPlan, share: Share, listener: Listener) {
    this.#plan = plan;
    this.#share = share;
    this.#listener = listener;
    this.#attempts = plan.attempts;
    this.#backOff =
      plan.durationMs !== Infinity && plan.ratePerSecond === 0 ? new BackOff(plan.timeoutMs) : null;
  }

  /** How many attempts are begun and not over. */
  get underWay(): number {
    return this.#begun - this.#over;
  }

  /** All times count from `startUs` on CLOCK_MONOTONIC. */
  begin(startUs: number): void {
    this.#startUs = startUs;
    this.loadEndUs = startUs + this.#plan.durationMs * 1000;
    this.endUs = startUs + this.#plan.withinMs * 1000;
    this.#backOff?.countBetween(startUs + this.#plan.warmUpMs * 1000, this.loadEndUs);
    this.#listener.begin(startUs);
  }

  /** Whether every attempt is over. */
  get isDone(): boolean {
    return this.#over === this.#attempts;
  }

  /**
   * Begins the attempts that are due. `begin` gets the number of each attempt and the moment from which its times count. Returns true
   * when more attempts could begin now.
   */
  beginDue(begin: (attempt: number, startedUs: number, nowUs: number) => void): boolean {
    for (let row = 0; row < BEGUN_IN_A_ROW; row++) {
      if (!this.#mayBegin) return false;
      const nowUs = monotonicUs();
      const dueUs = this.#nextDueUs(nowUs);
      if (dueUs > nowUs || dueUs >= this.loadEndUs) return false;
      if (this.#plan.ratePerSecond > 0 && this.#placeSinceUs <= dueUs)
        this.#listener.late(dueUs, nowUs - dueUs);
      const attempt = this.#next;
      this.#begun += 1;
      this.#backOff?.began();
      begin(attempt, this.#plan.open ? dueUs : nowUs, nowUs);
      if (!this.#hasPlace) this.#placeSinceUs = Infinity;
    }
    return true;
  }

  /** When the next attempt can begin; Infinity: not before a place is free. */
  beginsUs(nowUs: number): number {
    return this.#mayBegin ? this.#nextDueUs(nowUs) : Infinity;
  }

  /** Chooses the connection for an attempt: null, a new one, while the plan allows more; otherwise the one that has been idle longest. */
  take(): Connection | null {
    const { first } = this.idle;
    if (this.open >= this.#plan.concurrency && first !== null) {
      this.idle.remove(first);
      return first;
    }
    this.open += 1;
    return null;
  }

  /** The number for a new connection. */
  nextConnection(): number {
    this.#connections += 1;
    return numberOf(this.#connections, this.#share);
  }

  /** The load's time is over. In an open loop, attempts that were due and found no place are reported as never begun. */
  endLoad(): void {
    if (this.#plan.open) this.#tellNeverBegun(this.loadEndUs);
    this.#attempts = this.#begun;
    this.loadEndUs = Infinity;
  }

  /** The run has reached its time limit: the remaining attempts are reported as never begun. */
  giveUp(): void {
    this.#tellNeverBegun(Infinity);
  }

  /** An attempt is over. */
  attemptOver(outcome: "ok" | AttemptFailure): void {
    this.#over += 1;
    this.#backOff?.over(outcome, monotonicUs);
  }

  /** A connection has no attempt and waits for the next. */
  connectionIdle(connection: Connection): void {
    this.idle.add(connection);
    this.#place();
  }

  connectionClosed(): void {
    this.open -= 1;
    this.#place();
  }

  /** Reports that the run is over. */
  tellOver(): void {
    this.#listener.over((this.#backOff?.totalUs ?? 0) / 1000);
  }

  get #mayBegin(): boolean {
    return this.#begun < this.#attempts && this.#hasPlace;
  }

  get #hasPlace(): boolean {
    return this.open < this.#plan.concurrency || this.idle.size > 0;
  }

  /** The number of the next attempt. */
  get #next(): number {
    return numberOf(this.#begun + 1, this.#share);
  }

  /** When the next attempt is due. Without a rate it is due now, unless the last attempts have failed. */
  #nextDueUs(nowUs: number): number {
    const { ratePerSecond } = this.#plan;
    // The event loop's timer can fire a fraction of a millisecond early. An attempt that began before the start would not be counted.
    if (ratePerSecond === 0) return Math.max(this.#backOff?.nextUs(nowUs) ?? nowUs, this.#startUs);
    return dueAtUs(this.#startUs, this.#next, ratePerSecond);
  }

  /** A place is free, again or still. */
  #place(): void {
    if (this.#placeSinceUs === Infinity && this.#plan.ratePerSecond > 0) this.#placeSinceUs = monotonicUs();
  }

  /** Reports the attempts that were due before `beforeUs` as never begun, each with the number of a connection that was never made. */
  #tellNeverBegun(beforeUs: number): void {
    while (this.#begun < this.#attempts) {
      const nowUs = monotonicUs();
      const dueUs = this.#nextDueUs(nowUs);
      if (dueUs >= beforeUs) return;
      const attempt = this.#next;
      this.#begun += 1;
      this.#over += 1;
      const sinceUs = this.#plan.open ? dueUs : nowUs;
      this.#listener.neverBegun(attempt, this.nextConnection(), sinceUs);
    }
  }
}
