import { mainThreadRunTime } from "../kernel/schedstat.ts";

/** A bound is never stretched beyond this many times its length, so that a program that hangs on a slow machine is ended, too. */
const MOST_TIMES = 10;

/** For how many milliseconds so far the awaited processes were ready to run and had no processor. */
export type Waited = () => number;

/**
 * A bound on a wait. It stands still while the awaited processes are ready to run and have no processor. A program on a busy
 * machine thus gets more time; a program that hangs does not.
 */
export class Deadline {
  readonly #withinMs: number;
  readonly #waited: Waited;
  readonly #now: () => number;
  readonly #beganMs: number;
  readonly #waitedBefore: number;

  /** It begins now and lasts `withinMs`. `now` is a clock in milliseconds that does not count while the machine is suspended. */
  constructor(withinMs: number, waited: Waited, now: () => number = () => performance.now()) {
    this.#withinMs = withinMs;
    this.#waited = waited;
    this.#now = now;
    this.#beganMs = now();
    this.#waitedBefore = waited();
  }

  /** How long to wait before the next check; 0 when it is over. */
  get remainingMs(): number {
    const elapsedMs = this.#now() - this.#beganMs;
    // Before its length has passed it cannot be over: there is no need to read the waiting times.
    if (elapsedMs < this.#withinMs) return this.#withinMs - elapsedMs;
    const givenMs = elapsedMs - Math.max(0, this.#waited() - this.#waitedBefore);
    return Math.max(0, Math.min(this.#withinMs - givenMs, MOST_TIMES * this.#withinMs - elapsedMs));
  }

  get isOver(): boolean {
    return this.remainingMs <= 0;
  }

  /** Calls `f` once when it is over. Its timer does not keep the process alive. The function that it returns cancels the call. */
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
 * For how many milliseconds the main threads of some processes were ready to run and had no processor, added up. `pids` is called each
 * time. A process that has exited counts with its last value. Where the kernel has no such count (schedstat.ts), `otherwise` is used.
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
