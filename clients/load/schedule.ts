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

/** The most attempts begun before an engine gets to look at its connections, so that the first need not wait for the last. */
const BEGUN_IN_A_ROW = 64;

/** Which attempts of a thread are due and have a place, whatever carries them; and how many have been begun and are over. */
export class Schedule<Connection extends Queued<Connection>> {
  /** Connections without an attempt, the longest idle first: taken in turn, all are used alike. */
  readonly idle = new Queue<Connection>();
  open = 0;
  /** When attempts are no longer begun. */
  loadEndUs = Infinity;
  /** When the run is over, whatever is under way. */
  endUs = 0;

  readonly #plan: ClientPlan;
  readonly #share: Share;
  readonly #listener: Listener;
  /** Where attempts follow one another as fast as they end. A number of attempts is a bound of its own, and so is a rate. */
  readonly #backOff: BackOff | null;
  #connections = 0;
  #begun = 0;
  #over = 0;
  /** How many attempts there are to be: those of the plan, or, once the load's time is over, those begun until then. */
  #attempts: number;
  #startUs = 0;
  /** Since when there is a place for an attempt; Infinity: there is none. */
  #placeSinceUs = 0;

  constructor(plan: ClientPlan, share: Share, listener: Listener) {
    this.#plan = plan;
    this.#share = share;
    this.#listener = listener;
    this.#attempts = plan.attempts;
    this.#backOff = plan.durationMs !== Infinity && plan.ratePerSecond === 0 ? new BackOff() : null;
  }

  /** Times count from a moment of CLOCK_MONOTONIC. */
  begin(startUs: number): void {
    this.#startUs = startUs;
    this.loadEndUs = startUs + this.#plan.durationMs * 1000;
    this.endUs = startUs + this.#plan.withinMs * 1000;
    this.#listener.begin(startUs);
  }

  /** Whether every attempt is accounted for. */
  get isDone(): boolean {
    return this.#over === this.#attempts;
  }

  /** Begins what is due, each attempt with its number and the moment that its times count from. True when it stopped although more could begin. */
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

  /** When something may begin next; Infinity: not before a place is free. */
  beginsUs(nowUs: number): number {
    return this.#mayBegin ? this.#nextDueUs(nowUs) : Infinity;
  }

  /** Who is to carry an attempt: the connection that has been idle longest, or null, a new one, while there are fewer than the plan allows. */
  take(): Connection | null {
    const { first } = this.idle;
    if (this.open >= this.#plan.concurrency && first !== null) {
      this.idle.remove(first);
      return first;
    }
    this.open += 1;
    return null;
  }

  /** The number of a connection that is made now. */
  nextConnection(): number {
    this.#connections += 1;
    return numberOf(this.#connections, this.#share);
  }

  /** The load's time is over. What is due in an open loop and has found no place until now will find none. */
  endLoad(): void {
    if (this.#plan.open) this.#tellNeverBegun(this.loadEndUs);
    this.#attempts = this.#begun;
    this.loadEndUs = Infinity;
  }

  /** The bound of the run is reached: what has not been begun never will be. */
  giveUp(): void {
    this.#tellNeverBegun(Infinity);
  }

  /** An attempt is over. A refusal is an answer: the server has done its work. */
  attemptOver(outcome: "ok" | AttemptFailure): void {
    this.#over += 1;
    if (outcome !== "ok" && outcome.phase !== "status") this.#backOff?.failed(monotonicUs());
    else if (this.#backOff?.active === true) this.#backOff.succeeded(monotonicUs());
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

  /** Tells that the run is over. */
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

  /** When the next attempt is due; without a rate that is now, unless the last ones have failed. */
  #nextDueUs(nowUs: number): number {
    const { ratePerSecond } = this.#plan;
    // A timer of the loop may be a part of a millisecond early, and what began before the beginning would be counted nowhere.
    if (ratePerSecond === 0) return Math.max(this.#backOff?.nextUs(nowUs) ?? nowUs, this.#startUs);
    return dueAtUs(this.#startUs, this.#next, ratePerSecond);
  }

  /** There is a place, again or still. */
  #place(): void {
    if (this.#placeSinceUs === Infinity && this.#plan.ratePerSecond > 0) this.#placeSinceUs = monotonicUs();
  }

  /** Accounts for the attempts, due before a moment, whose turn never came, each with the number of a connection that was never made. */
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
