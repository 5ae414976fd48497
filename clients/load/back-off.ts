import type { AttemptFailure } from "../../harness/model/sample.ts";

/** The first pause, and the longest one. The client finds a server that is back within a quarter of a second. */
const FIRST_US = 4_000;
const LONGEST_US = 256_000;
/** The most attempts begun after a pause before one of them succeeds. At four pauses a second this is 200 attempts a second. */
const PROBES = 50;

/**
 * Limits the rate of attempts while they fail. A closed loop begins an attempt whenever one ends, and a refused attempt ends within
 * microseconds: without a limit this is 39,000 connect() a second. After a failure, no attempt begins for a while. If the next
 * attempts fail too, the pause is twice as long, and so on. One successful attempt ends the pauses.
 */
export class BackOff {
  /** The sum of all pauses, as far as they lie in the time that counts. */
  totalUs = 0;
  #countsFromUs = 0;
  #countsToUs = Infinity;
  /** The length of the last pause; 0: the last attempt succeeded. */
  #pauseUs = 0;
  #untilUs = 0;
  #probes = 0;

  readonly #timeoutMs: number;

  /** `timeoutMs`: how long an attempt waits before it fails with a timeout. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Only pauses between these two moments count: the measured part of the load, without its warm-up. */
  countBetween(fromUs: number, toUs: number): void {
    this.#countsFromUs = fromUs;
    this.#countsToUs = toUs;
  }

  get active(): boolean {
    return this.#pauseUs > 0;
  }

  /**
   * An attempt is over. A refusal by status is an answer, and an attempt that a signal ended shows nothing. An attempt that has waited
   * longer than the longest pause has paused enough: with thousands of connections, those that time out would stop those that succeed.
   */
  over(outcome: "ok" | AttemptFailure, clock: () => number): void {
    if (outcome === "ok" || outcome.phase === "status") {
      if (this.active) this.succeeded(clock());
    } else if (this.#causesPause(outcome.code)) {
      this.failed(clock());
    }
  }

  /** An attempt has failed. All failures of one round count once, because their attempts began before the first of them failed. */
  failed(nowUs: number): void {
    if (nowUs < this.#untilUs) return;
    this.#pauseUs = Math.min(this.#pauseUs === 0 ? FIRST_US : 2 * this.#pauseUs, LONGEST_US);
    this.#untilUs = nowUs + this.#pauseUs;
    this.#probes = PROBES;
    this.totalUs += this.#leftUs(nowUs);
  }

  /** An attempt has succeeded. */
  succeeded(nowUs: number): void {
    this.totalUs -= this.#leftUs(nowUs);
    this.#pauseUs = 0;
    this.#untilUs = 0;
  }

  /** When the next attempt may begin: now, or after the pause. Infinity: enough have begun since the pause, and one must end first. */
  nextUs(nowUs: number): number {
    if (this.#pauseUs === 0) return nowUs;
    return this.#probes > 0 ? this.#untilUs : Infinity;
  }

  /** An attempt begins. */
  began(): void {
    this.#probes -= 1;
  }

  #causesPause(code: string): boolean {
    if (code === "timeout") return this.#timeoutMs * 1000 < LONGEST_US;
    return code !== "ECANCELED";
  }

  /** The part of the pause after this moment that counts. */
  #leftUs(nowUs: number): number {
    return Math.max(Math.min(this.#untilUs, this.#countsToUs) - Math.max(nowUs, this.#countsFromUs), 0);
  }
}
