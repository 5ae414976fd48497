import { setImmediate, setTimeout } from "node:timers/promises";
import type { SocketAddress } from "../../harness/kernel/address.ts";
import { Epoll, EPOLLET, EPOLLIN } from "../../harness/kernel/epoll.ts";
import type { ClientPlan } from "../../harness/load/plan.ts";
import { askForShortSlices } from "../../harness/kernel/urgency.ts";
import { Timer } from "../../harness/kernel/timer.ts";
import type { AttemptFailure } from "../../harness/model/sample.ts";
import { monotonicUs } from "../load/clock.ts";
import { Connection } from "./connection.ts";
import type { Surroundings } from "./surroundings.ts";
import { Deadlines } from "../load/deadlines.ts";
import { sleepMs } from "../load/pacing.ts";
import type { Protocol } from "./protocol.ts";
import type { Driven, Listener } from "../load/driven.ts";
import { cutShort, expire, finishIdle } from "../load/fleet.ts";
import { Schedule } from "../load/schedule.ts";
import type { Share } from "../load/share.ts";
import { Views } from "./views.ts";

/** The most events taken from one wait. */
const EVENTS_MOST = 512;
const BUFFER_BYTES = 65_536;
/** The longest sleep. If the kernel delivers a signal to another thread of the process, this thread notices it after its sleep. */
const SLEEP_MOST_MS = 50;
/** How long turns may follow one another before Node can run signal handlers and write. */
const TURNS_US = 10_000;

const timedOut = (connection: Connection): void => connection.onTimeout();
const heldLongEnough = (connection: Connection): void => connection.onHeld();

/** Runs a plan: begins attempts when they are due and a slot is free, and reports the end of each. */
export class Engine implements Driven {
  readonly #plan: ClientPlan;
  readonly #schedule: Schedule<Connection>;
  readonly #listener: Listener;
  readonly #around: Surroundings;
  readonly #byFd: (Connection | undefined)[] = [];
  readonly #timer = new Timer();
  /** When the current turn began, and how long it has slept. */
  #turnUs = 0;
  #sleptUs = 0;
  #stopped = false;
  readonly #delay = new AbortController();

  constructor(
    plan: ClientPlan,
    address: SocketAddress,
    { protocol, keepOpen, share }: { protocol: Protocol; keepOpen: boolean; share: Share },
    listener: Listener,
  ) {
    this.#plan = plan;
    this.#schedule = new Schedule(plan, share, listener);
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
      onIdle: (connection) => this.#schedule.connectionIdle(connection),
      onClosed: (connection, failure) => this.#onClosed(connection, failure),
    };
  }

  /**
   * Begins at `startUs` on CLOCK_MONOTONIC. Resolves when every attempt is reported and every connection is closed, or when the run
   * was stopped.
   */
  async run(startUs: number): Promise<void> {
    const delayMs = Math.ceil((startUs - monotonicUs()) / 1000);
    if (delayMs > 0) await setTimeout(delayMs, undefined, { signal: this.#delay.signal }).catch(() => {});
    // Attempts with a rate must begin on time, also when other programs run on this processor.
    if (this.#plan.ratePerSecond > 0) askForShortSlices();
    this.#around.epoll.add(this.#timer.fd, EPOLLIN | EPOLLET);
    this.#turnUs = monotonicUs();
    this.#schedule.begin(startUs);
    while (this.#turns()) await setImmediate();
    this.#timer.close();
    this.#around.epoll.close();
    this.#schedule.tellOver();
  }

  /** Ends the run at the next turn: attempts under way end with ECANCELED, and those not yet begun are not reported. */
  stop(): void {
    this.#stopped = true;
    this.#delay.abort();
  }

  /** Runs some turns of the loop. False when the run is over. */
  #turns(): boolean {
    const schedule = this.#schedule;
    const untilUs = monotonicUs() + TURNS_US;
    for (;;) {
      const nowUs = monotonicUs();
      this.#listener.breathe(nowUs, nowUs - this.#turnUs - this.#sleptUs, schedule.underWay);
      this.#turnUs = nowUs;
      this.#sleptUs = 0;
      if (this.#stopped || nowUs >= schedule.endUs) {
        this.#cutShort();
        return false;
      }
      if (nowUs >= untilUs) return true;
      this.#expire(nowUs);
      const more = schedule.beginDue(this.#begin);
      if (!more && nowUs >= schedule.loadEndUs) schedule.endLoad();
      if (schedule.isDone) finishIdle(schedule);
      if (schedule.isDone && schedule.open === 0) return false;
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

  /** Waits until a connection has events, or something is due. */
  #sleep(): number {
    const { epoll, timeouts, holds } = this.#around;
    const nowUs = monotonicUs();
    const { endUs, loadEndUs } = this.#schedule;
    const dueUs = this.#schedule.beginsUs(nowUs);
    const untilUs = Math.min(endUs, loadEndUs, timeouts.nextUs(), holds.nextUs(), dueUs);
    const sleep = sleepMs(nowUs, untilUs, SLEEP_MOST_MS);
    if (sleep > 0 && dueUs < nowUs + sleep * 1000) this.#timer.set(dueUs);
    const count = epoll.wait(sleep);
    // If no event ended the sleep, the time beyond its planned length counts as lag.
    if (sleep > 0) this.#sleptUs = Math.min(monotonicUs() - nowUs, count > 0 ? Infinity : sleep * 1000);
    return count;
  }

  #expire(nowUs: number): void {
    const { timeouts, holds } = this.#around;
    expire(timeouts, nowUs, timedOut);
    expire(holds, nowUs, heldLongEnough);
  }

  /** Created once, because it is used for every attempt. */
  readonly #begin = (attempt: number, startedUs: number, nowUs: number): void => {
    const idle = this.#schedule.take();
    if (idle !== null) return idle.begin(attempt, startedUs, nowUs);
    const connection = new Connection(this.#schedule.nextConnection(), this.#around, nowUs);
    connection.begin(attempt, startedUs, nowUs);
    if (connection.fd !== -1) this.#byFd[connection.fd] = connection;
  };

  #cutShort(): void {
    cutShort(this.#schedule, this.#stopped, (trouble) => {
      for (const connection of this.#byFd) connection?.cutShort(trouble);
    });
  }

  #onAttempt(connection: Connection, outcome: "ok" | AttemptFailure): void {
    this.#schedule.attemptOver(outcome);
    this.#listener.attempt(connection, outcome);
  }

  #onClosed(connection: Connection, failure: AttemptFailure | null): void {
    this.#schedule.connectionClosed();
    if (connection.fd !== -1) this.#byFd[connection.fd] = undefined;
    this.#listener.connection(connection, failure);
  }
}
