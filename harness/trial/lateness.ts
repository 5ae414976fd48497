import type { Lateness } from "../observers/pressure.ts";

/** How late a trial runs against its own plan: the greatest lateness since the last call of take(). */
export class LatenessWatch {
  #lookLateUs = 0;
  #turnLateUs = 0;
  #totalUs = 0;

  /** The lateness of all turns so far, added up, in milliseconds. For this long the trial's own loop stood still. */
  get totalMs(): number {
    return this.#totalUs / 1000;
  }

  /** A sample was taken `lateMs` after its time. */
  look(lateMs: number): void {
    this.#lookLateUs = Math.max(this.#lookLateUs, micros(lateMs));
  }

  /** A turn of the trial's loop began `lateMs` after its time. */
  turn(lateMs: number): void {
    this.#turnLateUs = Math.max(this.#turnLateUs, micros(lateMs));
    this.#totalUs += micros(lateMs);
  }

  /** The greatest lateness since the last call. */
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
