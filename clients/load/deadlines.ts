import { Queue } from "./queue.ts";
import type { Queued } from "./queue.ts";

/** What can wait. */
export interface Waiting<Item extends Waiting<Item>> extends Queued<Item> {
  endsAtUs: number;
}

/** Waits that all last equally long. Whoever began first is therefore over first, and a queue is all that is needed. */
export class Deadlines<Item extends Waiting<Item>> {
  readonly #durationUs: number;
  readonly #queue = new Queue<Item>();

  constructor(durationMs: number) {
    this.#durationUs = durationMs * 1000;
  }

  /** Begins a wait, or begins it again. `nowUs` must not run backwards between calls. */
  start(waiting: Item, nowUs: number): void {
    waiting.endsAtUs = nowUs + this.#durationUs;
    this.#queue.add(waiting);
  }

  stop(waiting: Item): void {
    this.#queue.remove(waiting);
  }

  /** When the earliest wait is over; Infinity when none is running. */
  nextUs(): number {
    return this.#queue.first?.endsAtUs ?? Infinity;
  }

  /** Takes out the earliest wait, if it is over; null when none is. */
  takeOver(nowUs: number): Item | null {
    const { first } = this.#queue;
    if (first === null || first.endsAtUs > nowUs) return null;
    this.#queue.remove(first);
    return first;
  }
}
