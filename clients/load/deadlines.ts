import { Queue } from "./queue.ts";
import type { Queued } from "./queue.ts";

/** An item with a deadline. */
export interface Waiting<Item extends Waiting<Item>> extends Queued<Item> {
  endsAtUs: number;
}

/** Waits of equal length. The wait that began first therefore ends first, so a queue is enough. */
export class Deadlines<Item extends Waiting<Item>> {
  readonly #durationUs: number;
  readonly #queue = new Queue<Item>();

  constructor(durationMs: number) {
    this.#durationUs = durationMs * 1000;
  }

  /** Begins a wait, or restarts it. `nowUs` must not decrease from one call to the next. */
  start(waiting: Item, nowUs: number): void {
    waiting.endsAtUs = nowUs + this.#durationUs;
    this.#queue.add(waiting);
  }

  stop(waiting: Item): void {
    this.#queue.remove(waiting);
  }

  /** When the earliest wait ends; Infinity when no item waits. */
  nextUs(): number {
    return this.#queue.first?.endsAtUs ?? Infinity;
  }

  /** Removes and returns the item whose wait ended first; null when no wait has ended. */
  takeOver(nowUs: number): Item | null {
    const { first } = this.#queue;
    if (first === null || first.endsAtUs > nowUs) return null;
    this.#queue.remove(first);
    return first;
  }
}
