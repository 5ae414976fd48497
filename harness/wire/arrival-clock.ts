/** Two readings of clocks, in microseconds. */
export interface Clocks {
  /** The wire's own, CLOCK_MONOTONIC. */
  nowUs: () => number;
  /** The one that the kernel marks frames with, CLOCK_REALTIME. */
  realUs: () => number;
}

/** The two clocks drift apart when somebody sets the second one: how far they are apart is asked so often. */
const ASK_EVERY_US = 100_000;
/** Readings between which more time passed are not taken for one moment. */
const ONE_MOMENT_US = 50;
/** What the kernel took earlier than this before now has not lain in the ring: the clock was set. */
const MOST_EARLY_US = 500_000;

/** Turns the kernel's marks into times of the wire's own clock, which never run backwards at one end. */
export class ArrivalClock {
  readonly #clocks: Clocks;
  #apartUs = Number.NaN;
  #askedUs = Number.NEGATIVE_INFINITY;

  constructor(clocks: Clocks) {
    this.#clocks = clocks;
  }

  /** When a frame came that the kernel marked with `realUs`, and that was found now, at an end whose last one came at `lastUs`. */
  atUs(realUs: number, nowUs: number, lastUs: number): number {
    if (nowUs - this.#askedUs > ASK_EVERY_US) this.#ask();
    const atUs = Math.floor(realUs - this.#apartUs);
    if (!(atUs <= nowUs && nowUs - atUs < MOST_EARLY_US)) return Math.max(nowUs, lastUs);
    return Math.max(atUs, lastUs);
  }

  /** Keeps what it knew when it is interrupted between the readings. */
  #ask(): void {
    const beforeUs = this.#clocks.nowUs();
    const realUs = this.#clocks.realUs();
    const afterUs = this.#clocks.nowUs();
    if (afterUs - beforeUs > ONE_MOMENT_US) return;
    this.#apartUs = realUs - (beforeUs + afterUs) / 2;
    this.#askedUs = afterUs;
  }
}
