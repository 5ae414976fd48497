import type { Lateness } from "../observers/pressure.ts";

/** How late a trial is against its own plan: the most of what it was told, since that was last taken. */
export class LatenessWatch {
  #lookLateUs = 0;
  #turnLateUs = 0;
  #totalUs = 0;

  /** All lateness of turns so far, added up, in milliseconds: for so long the trial itself stood still. */
  get totalMs(): number {
    return this.#totalUs / 1000;
  }

  /** A look came so many milliseconds after its time. */
  look(lateMs: number): void {
    this.#lookLateUs = Math.max(this.#lookLateUs, micros(lateMs));
  }

  /** A turn of the trial's loop did. */
  turn(lateMs: number): void {
    this.#turnLateUs = Math.max(this.#turnLateUs, micros(lateMs));
    this.#totalUs += micros(lateMs);
  }

  /** The most since the last call. */
  take(): Lateness {
    const most = { lookLateUs: this.#lookLateUs, turnLateUs: this.#turnLateUs };
    this.#lookLateUs = 0;
    this.#turnLateUs = 0;
    return most;
  }
}

function micros(ms: number): number {
  return Math.max(0, Math.round(ms * 1000));
}
