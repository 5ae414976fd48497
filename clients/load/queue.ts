/** An item of a queue. It is in one queue at a time, and `queue` is that queue. */
export interface Queued<Item extends Queued<Item>> {
  queue: Queue<Item> | null;
  before: Item | null;
  after: Item | null;
}

/** A first-in, first-out queue whose items can also be removed from the middle. Every operation takes constant time and no memory. */
export class Queue<Item extends Queued<Item>> {
  first: Item | null = null;
  size = 0;
  #last: Item | null = null;

  /** Puts an item at the end, and removes it from the queue it was in. */
  add(item: Item): void {
    item.queue?.remove(item);
    item.queue = this;
    item.before = this.#last;
    if (this.#last === null) this.first = item;
    else this.#last.after = item;
    this.#last = item;
    this.size += 1;
  }

  /** Removes an item, if it is in this queue. */
  remove(item: Item): void {
    if (item.queue !== this) return;
    if (item.before === null) this.first = item.after;
    else item.before.after = item.after;
    if (item.after === null) this.#last = item.before;
    else item.after.before = item.before;
    item.queue = null;
    item.before = null;
    item.after = null;
    this.size -= 1;
  }
}
