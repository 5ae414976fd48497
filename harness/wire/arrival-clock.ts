/** Reads two clocks, in microseconds. */
export interface Clocks {
  /** The wire's own clock, CLOCK_MONOTONIC. */
  nowUs: () => number;
  /** The clock of the kernel's timestamps on frames, CLOCK_REALTIME. */
  realUs: () => number;
}

/** How often the clocks' difference is measured. It changes when CLOCK_REALTIME is set. */
const ASK_EVERY_US = 100_000;
/** A measurement of the difference is not used when its readings are further apart than this. */
const ONE_MOMENT_US = 50;
/** A frame does not wait in the ring longer than this. An older timestamp means that the clock was set. */
const MOST_EARLY_US = 500_000;

/** Converts the kernel's timestamps into times of the wire's own clock. At one end of the wire these times never go backwards. */
export class ArrivalClock {
  readonly #clocks: Clocks;
  #apartUs = Number.NaN;
  #askedUs = Number.NEGATIVE_INFINITY;

  constructor(clocks: Clocks) {
    this.#clocks = clocks;
  }

  /** The arrival time of a frame with the kernel's timestamp `realUs` that was read at `nowUs`. `lastUs`: the end's previous arrival. */
  atUs(realUs: number, nowUs: number, lastUs: number): number {
    if (nowUs - this.#askedUs > ASK_EVERY_US) this.#ask();
    const atUs = Math.floor(realUs - this.#apartUs);
    if (!(atUs <= nowUs && nowUs - atUs < MOST_EARLY_US)) return Math.max(nowUs, lastUs);
    return Math.max(atUs, lastUs);
  }

  /** Measures the clocks' difference. When the process was interrupted between the readings, the old difference stays. */
  #ask(): void {
    const beforeUs = this.#clocks.nowUs();
    const realUs = this.#clocks.realUs();
    const afterUs = this.#clocks.nowUs();
    if (afterUs - beforeUs > ONE_MOMENT_US) return;
    this.#apartUs = realUs - (beforeUs + afterUs) / 2;
    this.#askedUs = afterUs;
  }
}
