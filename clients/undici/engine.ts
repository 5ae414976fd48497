import { setTimeout as delay } from "node:timers/promises";
import type { ClientPlan } from "../../harness/load/plan.ts";
import type { AttemptFailure } from "../../harness/model/sample.ts";
import { monotonicUs } from "../load/clock.ts";
import { Deadlines } from "../load/deadlines.ts";
import type { Driven, Listener } from "../load/driven.ts";
import { cutShort, expire, finishIdle } from "../load/fleet.ts";
import { sleepMs } from "../load/pacing.ts";
import { Schedule } from "../load/schedule.ts";
import type { Share } from "../load/share.ts";
import { Connection } from "./connection.ts";
import type { Surroundings } from "./connection.ts";

/** The longest sleep: the engine checks its waits at least this often. */
const SLEEP_MOST_MS = 10;

/** The part of a connection's surroundings that the program provides; the engine provides the rest. */
export type Target = Pick<Surroundings, "line" | "origin" | "request">;

/** Runs a plan with undici, as the raw engine does with system calls: begins attempts when they are due and a slot is free. */
export class Engine implements Driven {
  readonly #schedule: Schedule<Connection>;
  readonly #listener: Listener;
  readonly #around: Surroundings;
  /** Connections with an attempt under way. */
  readonly #busy = new Set<Connection>();
  #began = false;
  #stopped = false;
  #ended = false;
  readonly #delay = new AbortController();
  /** The timer of the next turn, and when it is due. */
  #timer: NodeJS.Timeout | null = null;
  #timerUs = 0;
  #turnComes = false;
  #resolve = (): void => {};
  #reject: (fault: Error) => void = () => {};

  constructor(plan: ClientPlan, share: Share, target: Target, listener: Listener) {
    this.#schedule = new Schedule(plan, share, listener);
    this.#listener = listener;
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
    this.#schedule.begin(startUs);
    this.#began = true;
    this.#turn(0);
    await over;
    this.#schedule.tellOver();
  }

  stop(): void {
    this.#stopped = true;
    this.#delay.abort();
    this.#turnSoon();
  }

  /** Does what is due, and arranges the next turn. `lagUs`: how late this turn is. */
  #turn(lagUs: number): void {
    if (this.#ended) return;
    const schedule = this.#schedule;
    const nowUs = monotonicUs();
    this.#listener.breathe(nowUs, lagUs, schedule.underWay);
    if (this.#stopped || nowUs >= schedule.endUs) {
      this.#cutShort();
      return this.#end();
    }
    this.#expire(nowUs);
    const more = schedule.beginDue((attempt, startedUs, atUs) => this.#carry(attempt, startedUs, atUs));
    if (!more && nowUs >= schedule.loadEndUs) schedule.endLoad();
    if (schedule.isDone) this.#finishIdle();
    const closing = this.#around.closings.nextUs() !== Infinity;
    if (schedule.isDone && schedule.open === 0 && !closing) return this.#end();
    if (more) setImmediate(() => this.#turn(0));
    this.#arm();
  }

  /** Arranges one turn after the current callback, however often it is called. */
  #turnSoon(): void {
    if (this.#turnComes) return;
    this.#turnComes = true;
    queueMicrotask(() => {
      this.#turnComes = false;
      // Before the load has begun there is nothing to do.
      if (this.#began) this.#turn(0);
    });
  }

  /** Sets the timer, unless it is due early enough already. Node's timers count whole milliseconds, and can be one too late. */
  #arm(): void {
    const nowUs = monotonicUs();
    const { endUs, loadEndUs } = this.#schedule;
    const untilUs = Math.min(
      ...[endUs, loadEndUs, this.#schedule.beginsUs(nowUs)],
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
    expire(timeouts, nowUs, (connection) => connection.onTimeout());
    expire(holds, nowUs, (connection) => connection.onHeld());
    expire(closings, nowUs, (connection) => connection.onClosing());
  }

  #carry(attempt: number, startedUs: number, nowUs: number): void {
    const schedule = this.#schedule;
    const connection = schedule.take() ?? new Connection(schedule.nextConnection(), this.#around, nowUs);
    this.#busy.add(connection);
    connection.begin(attempt, startedUs, nowUs);
  }

  #finishIdle(): void {
    finishIdle(this.#schedule, (connection) => this.#busy.add(connection));
  }

  #cutShort(): void {
    cutShort(this.#schedule, this.#stopped, (trouble) => {
      this.#finishIdle();
      for (const connection of this.#busy) connection.cutShort(trouble);
    });
    this.#expire(Infinity);
  }

  #onAttempt(connection: Connection, outcome: "ok" | AttemptFailure): void {
    this.#schedule.attemptOver(outcome);
    this.#listener.attempt(connection, outcome);
    this.#turnSoon();
  }

  #onIdle(connection: Connection): void {
    this.#busy.delete(connection);
    this.#schedule.connectionIdle(connection);
    this.#turnSoon();
  }

  #onClosed(connection: Connection, failure: AttemptFailure | null): void {
    this.#schedule.connectionClosed();
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
