import { mainThreadRunTime } from "../kernel/schedstat.ts";

/** A bound is never stretched beyond so many times its length: what hangs on a slow machine ends, too. */
const MOST_TIMES = 10;

/** What a deadline needs to know besides the time: for how many milliseconds those who are waited for had no processor so far. */
export type Waited = () => number;

/**
 * A bound on a wait that counts the time which those who are waited for were given, not the time that passed: while they are
 * ready to run and have no processor, it stands still. A slow machine is so waited for, and a program that hangs is not.
 */
export class Deadline {
  readonly #withinMs: number;
  readonly #waited: Waited;
  readonly #now: () => number;
  readonly #beganMs: number;
  readonly #waitedBefore: number;

  /** `withinMs` from now on. `now` is a clock in milliseconds that does not count when the machine is suspended. */
  constructor(withinMs: number, waited: Waited, now: () => number = () => performance.now()) {
    this.#withinMs = withinMs;
    this.#waited = waited;
    this.#now = now;
    this.#beganMs = now();
    this.#waitedBefore = waited();
  }

  /** How long to wait before one asks again; 0 when it is over. */
  get remainingMs(): number {
    const elapsedMs = this.#now() - this.#beganMs;
    // Nobody need be asked before the time is up in any case.
    if (elapsedMs < this.#withinMs) return this.#withinMs - elapsedMs;
    const givenMs = elapsedMs - Math.max(0, this.#waited() - this.#waitedBefore);
    return Math.max(0, Math.min(this.#withinMs - givenMs, MOST_TIMES * this.#withinMs - elapsedMs));
  }

  get isOver(): boolean {
    return this.remainingMs <= 0;
  }

  /** Calls back once it is over; that alone keeps no process alive. What it returns takes it back. */
  whenOver(f: () => void): () => void {
    let timer: NodeJS.Timeout;
    const ask = (): void => {
      const { remainingMs } = this;
      if (remainingMs <= 0) f();
      else timer = setTimeout(ask, Math.ceil(remainingMs)).unref();
    };
    ask();
    return () => clearTimeout(timer);
  }
}

/**
 * For how long the main threads of some processes were ready and without a processor, in milliseconds, all of them added up; `pids` is
 * asked each time. One that is gone keeps what it was last seen to have. Where the kernel does not count (schedstat.ts), `otherwise` does.
 */
export function waitedBy(pids: () => Iterable<number>, otherwise: Waited = () => 0): Waited {
  const seen = new Map<number, number>();
  return () => {
    for (const pid of pids()) {
      const time = mainThreadRunTime(pid);
      if (time !== null) seen.set(pid, time.waitedUs);
    }
    if (seen.size === 0) return otherwise();
    return [...seen.values()].reduce((sum, one) => sum + one, 0) / 1000;
  };
}
