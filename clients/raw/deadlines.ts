/**
 * Waits that all last equally long. Whoever began first is therefore over first, and a Map, which keeps the order of
 * insertion, is all the queue that is needed.
 */
export class Deadlines<Waiting> {
  readonly #durationUs: number;
  readonly #endsAtUs = new Map<Waiting, number>();

  constructor(durationMs: number) {
    this.#durationUs = durationMs * 1000;
  }

  /** Begins a wait, or begins it again. `nowUs` must not run backwards between calls. */
  start(waiting: Waiting, nowUs: number): void {
    this.#endsAtUs.delete(waiting);
    this.#endsAtUs.set(waiting, nowUs + this.#durationUs);
  }

  stop(waiting: Waiting): void {
    this.#endsAtUs.delete(waiting);
  }

  /** When the earliest wait is over; Infinity when none is running. */
  nextUs(): number {
    for (const endsAtUs of this.#endsAtUs.values()) return endsAtUs;
    return Infinity;
  }

  /** Takes out the waits that are over, the earliest first. They may be begun again meanwhile. */
  *over(nowUs: number): Generator<Waiting> {
    for (const [waiting, endsAtUs] of this.#endsAtUs) {
      if (endsAtUs > nowUs) return;
      this.#endsAtUs.delete(waiting);
      yield waiting;
    }
  }
}
