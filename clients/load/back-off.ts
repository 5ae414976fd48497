/** The first pause, and the longest: a server that is back is found within a quarter of a second. */
const FIRST_US = 4_000;
const LONGEST_US = 256_000;
/** The most attempts begun after a pause before one of them has ended well: at four pauses a second, 200 a second. */
const PROBES = 50;

/**
 * Keeps failures from becoming a storm. A closed loop begins an attempt for each one that ends, and one that is refused ends
 * within microseconds: 39,000 connect() a second. So after a failure nothing is begun for a while; if what is begun then fails too,
 * for twice as long, and so on. One attempt that ends well ends it.
 */
export class BackOff {
  /** How long the pauses have lasted. */
  totalUs = 0;
  /** How long the last pause was; 0: the last attempt ended well. */
  #pauseUs = 0;
  #untilUs = 0;
  #probes = 0;

  get active(): boolean {
    return this.#pauseUs > 0;
  }

  /** An attempt has failed. Those of one round count once: they began before any of them was known to fail. */
  failed(nowUs: number): void {
    if (nowUs < this.#untilUs) return;
    this.#pauseUs = Math.min(this.#pauseUs === 0 ? FIRST_US : 2 * this.#pauseUs, LONGEST_US);
    this.#untilUs = nowUs + this.#pauseUs;
    this.#probes = PROBES;
    this.totalUs += this.#pauseUs;
  }

  /** An attempt has ended well. */
  succeeded(nowUs: number): void {
    this.totalUs -= Math.max(this.#untilUs - nowUs, 0);
    this.#pauseUs = 0;
    this.#untilUs = 0;
  }

  /** When the next attempt may begin: at once, after the pause, or, when enough have begun since then, not before one has ended. */
  nextUs(nowUs: number): number {
    if (this.#pauseUs === 0) return nowUs;
    return this.#probes > 0 ? this.#untilUs : Infinity;
  }

  /** An attempt begins. */
  began(): void {
    this.#probes -= 1;
  }
}
