import { setTimeout as delay } from "node:timers/promises";
import { classify } from "../../harness/load/outcome.ts";
import type { Trouble } from "../../harness/load/outcome.ts";
import type { ClientPlan } from "../../harness/load/plan.ts";
import type { AttemptFailure } from "../../harness/model/sample.ts";
import { BackOff } from "../load/back-off.ts";
import { monotonicUs } from "../load/clock.ts";
import { Deadlines } from "../load/deadlines.ts";
import type { Driven, Listener } from "../load/driven.ts";
import { dueAtUs, sleepMs } from "../load/pacing.ts";
import { Queue } from "../load/queue.ts";
import { numberOf } from "../load/share.ts";
import type { Share } from "../load/share.ts";
import { Connection } from "./connection.ts";
import type { Surroundings } from "./connection.ts";

/** The most attempts begun before Node gets to look at sockets, so that the first need not wait for the last. */
const BEGUN_IN_A_ROW = 64;
/** The longest sleep: what waits is looked at so often. */
const SLEEP_MOST_MS = 10;

/** What the program says about its connections; all else about them is the engine's. */
export type Target = Pick<Surroundings, "line" | "origin" | "request">;

/** Runs a plan over undici, as the raw engine does over the kernel: begins attempts when they are due and a slot is free. */
export class Engine implements Driven {
  readonly #plan: ClientPlan;
  readonly #share: Share;
  readonly #listener: Listener;
  readonly #around: Surroundings;
  /** Connections with an attempt under way. */
  readonly #busy = new Set<Connection>();
  /** The longest idle first: taken in turn, all are used alike. */
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
  #loadEndUs = Infinity;
  #endUs = 0;
  /** Where attempts follow one another as fast as they end. A number of attempts is a bound of its own, and so is a rate. */
  readonly #backOff: BackOff | null;
  #stopped = false;
  #ended = false;
  readonly #delay = new AbortController();
  /** What is to run next, and when it was to run. */
  #timer: NodeJS.Timeout | null = null;
  #timerUs = 0;
  #turnComes = false;
  #resolve = (): void => {};
  #reject: (fault: Error) => void = () => {};

  constructor(plan: ClientPlan, share: Share, target: Target, listener: Listener) {
    this.#plan = plan;
    this.#share = share;
    this.#attempts = plan.attempts;
    this.#listener = listener;
    this.#backOff = plan.durationMs !== Infinity && plan.ratePerSecond === 0 ? new BackOff() : null;
    this.#around = {
      ...target,
      close: plan.close,
      responsesMost: plan.requestsPerConnection,
      hold: plan.holdMs > 0,
      timeouts: new Deadlines(plan.timeoutMs),
      holds: new Deadlines(plan.holdMs),
      closings: new Deadlines(plan.timeoutMs),
      onAttempt: (connection, outcome) => this.#onAttempt(connection, outcome),
      onIdle: (connection) => this.#onIdle(connection),
      onMoved: (attempt, startedUs) => this.#move(attempt, startedUs),
      onClosed: (connection, failure) => this.#onClosed(connection, failure),
      onFault: (error) => this.#fault(error),
    };
  }

  async run(startUs: number): Promise<void> {
    const delayMs = Math.ceil((startUs - monotonicUs()) / 1000);
    if (delayMs > 0) await delay(delayMs, undefined, { signal: this.#delay.signal }).catch(() => {});
    const over = new Promise<void>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#startUs = startUs;
    this.#loadEndUs = this.#startUs + this.#plan.durationMs * 1000;
    this.#endUs = this.#startUs + this.#plan.withinMs * 1000;
    this.#listener.begin(this.#startUs);
    this.#turn(0);
    await over;
    this.#listener.over((this.#backOff?.totalUs ?? 0) / 1000);
  }

  stop(): void {
    this.#stopped = true;
    this.#delay.abort();
    this.#turnSoon();
  }

  /** What is due is done, and the next turn arranged. `lagUs`: by how much this one comes too late. */
  #turn(lagUs: number): void {
    if (this.#ended) return;
    const nowUs = monotonicUs();
    this.#listener.breathe(nowUs, lagUs);
    if (this.#stopped || nowUs >= this.#endUs) {
      this.#cutShort();
      return this.#end();
    }
    this.#expire(nowUs);
    const more = this.#beginDue();
    if (!more && nowUs >= this.#loadEndUs) this.#endLoad();
    if (this.#over === this.#attempts) this.#finishIdle();
    const closing = this.#around.closings.nextUs() !== Infinity;
    if (this.#over === this.#attempts && this.#open === 0 && !closing) return this.#end();
    if (more) setImmediate(() => this.#turn(0));
    this.#arm();
  }

  /** A turn when the present callback is over, however many times it is asked for. */
  #turnSoon(): void {
    if (this.#turnComes) return;
    this.#turnComes = true;
    queueMicrotask(() => {
      this.#turnComes = false;
      // Before the load has begun there is nothing to be done.
      if (this.#startUs > 0) this.#turn(0);
    });
  }

  /** Sets the timer, unless it runs out early enough. Node's timers count whole milliseconds, and may be one too late. */
  #arm(): void {
    const nowUs = monotonicUs();
    const dueUs = this.#mayBegin() ? this.#nextDueUs(nowUs) : Infinity;
    const untilUs = Math.min(
      ...[this.#endUs, this.#loadEndUs, dueUs],
      ...[this.#around.timeouts, this.#around.holds, this.#around.closings].map((waits) => waits.nextUs()),
    );
    const sleep = Math.max(sleepMs(nowUs, untilUs, SLEEP_MOST_MS), 1);
    const atUs = nowUs + sleep * 1000;
    if (this.#timer !== null && this.#timerUs <= atUs) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timerUs = atUs;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#turn(Math.max(monotonicUs() - atUs, 0));
    }, sleep);
  }

  #expire(nowUs: number): void {
    const { timeouts, holds, closings } = this.#around;
    for (let late = timeouts.takeOver(nowUs); late !== null; late = timeouts.takeOver(nowUs))
      late.onTimeout();
    for (let held = holds.takeOver(nowUs); held !== null; held = holds.takeOver(nowUs)) held.onHeld();
    for (let left = closings.takeOver(nowUs); left !== null; left = closings.takeOver(nowUs))
      left.onClosing();
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
      const attempt = this.#next;
      this.#begun += 1;
      this.#backOff?.began();
      this.#carry(attempt, this.#plan.open ? dueUs : nowUs, nowUs);
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
  #carry(attempt: number, startedUs: number, nowUs: number): void {
    const { first } = this.#idle;
    const idle = this.#open >= this.#plan.concurrency ? first : null;
    if (idle !== null) this.#idle.remove(idle);
    else this.#open += 1;
    const connection = idle ?? new Connection(this.#nextConnection(), this.#around, nowUs);
    this.#busy.add(connection);
    connection.begin(attempt, startedUs, nowUs);
  }

  #nextConnection(): number {
    this.#connections += 1;
    return numberOf(this.#connections, this.#share);
  }

  #finishIdle(): void {
    for (let { first } = this.#idle; first !== null; { first } = this.#idle) {
      this.#idle.remove(first);
      this.#busy.add(first);
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
    this.#finishIdle();
    for (const connection of this.#busy) connection.cutShort(trouble);
    if (!this.#stopped) this.#tellNeverBegun(Infinity);
    this.#expire(Infinity);
  }

  /** Accounts for the attempts, due before a moment, whose turn never came, each with a connection that was never made. */
  #tellNeverBegun(beforeUs: number): void {
    const outcome = classify("connect", { kind: "never-begun" });
    while (this.#begun < this.#attempts) {
      const nowUs = monotonicUs();
      const dueUs = this.#nextDueUs(nowUs);
      if (dueUs >= beforeUs) return;
      const attempt = this.#next;
      this.#begun += 1;
      this.#over += 1;
      const sinceUs = this.#plan.open ? dueUs : nowUs;
      this.#listener.neverBegun(attempt, this.#nextConnection(), sinceUs, outcome);
    }
  }

  #onAttempt(connection: Connection, outcome: "ok" | AttemptFailure): void {
    this.#over += 1;
    // A refusal is an answer: the server has done its work.
    if (outcome !== "ok" && outcome.phase !== "status") this.#backOff?.failed(monotonicUs());
    else if (this.#backOff?.active === true) this.#backOff.succeeded(monotonicUs());
    this.#listener.attempt(connection, outcome);
    this.#turnSoon();
  }

  #onIdle(connection: Connection): void {
    this.#busy.delete(connection);
    this.#idle.add(connection);
    this.#place();
    this.#turnSoon();
  }

  /** There is a place, again or still. */
  #place(): void {
    if (this.#placeSinceUs === Infinity && this.#plan.ratePerSecond > 0) this.#placeSinceUs = monotonicUs();
  }

  #onClosed(connection: Connection, failure: AttemptFailure | null): void {
    this.#open -= 1;
    this.#place();
    this.#busy.delete(connection);
    this.#listener.connection(connection, failure);
    this.#turnSoon();
  }

  #move(attempt: number, startedUs: number): void {
    if (!this.#ended) this.#carry(attempt, startedUs, monotonicUs());
  }

  #end(): void {
    this.#ended = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#resolve();
  }

  #fault(error: Error): void {
    this.#ended = true;
    this.#reject(error);
  }
}
