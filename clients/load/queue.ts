/** What can stand in a queue: in one at a time, which it knows. */
export interface Queued<Item extends Queued<Item>> {
  queue: Queue<Item> | null;
  before: Item | null;
  after: Item | null;
}

/** First in, first out, and out of turn too: every step costs the same however long it is, and no memory. */
export class Queue<Item extends Queued<Item>> {
  first: Item | null = null;
  size = 0;
  #last: Item | null = null;

  /** Puts an item at the end, out of whatever queue it stands in. */
  add(item: Item): void {
    item.queue?.remove(item);
    item.queue = this;
    item.before = this.#last;
    if (this.#last === null) this.first = item;
    else this.#last.after = item;
    this.#last = item;
    this.size += 1;
  }

  /** Takes an item out, if it stands in this queue. */
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
