import type { Side } from "./side.ts";

export interface SchedulePlan {
  /** One-way delay of frames from side 0, and from side 1, in microseconds. */
  delayUs: readonly [number, number];
  /** Bits per second in each direction, of whole Ethernet frames without preamble and checksum; null: no limit. */
  bitsPerSecond: number | null;
  /** The most frames that can wait at once. */
  capacity: number;
}

/**
 * Decides when frames leave. Pure: it has only the numbers of slots (from 0 up to its capacity); the caller keeps the bytes and passes the
 * time, in microseconds of any clock. Frames that are due at the same time leave in the order in which they were scheduled. When no
 * slot is free, `take` returns -1 and the frame is lost: thus memory is limited.
 */
export class Schedule {
  readonly #plan: SchedulePlan;
  readonly #free: Int32Array;
  #freeCount: number;
  /** The scheduled slots, as a binary heap ordered by (due, order): the first slot is due first. */
  readonly #heap: Int32Array;
  #heapCount = 0;
  readonly #dueUs: Float64Array;
  readonly #order: Float64Array;
  readonly #held = new Map<string, { slot: number; side: Side; bytes: number }[]>();
  #orders = 0;
  /** By side: when the line will have sent all frames that it has so far. */
  readonly #lineFreeUs: [number, number] = [0, 0];

  constructor(plan: SchedulePlan) {
    this.#plan = plan;
    this.#free = Int32Array.from({ length: plan.capacity }, (_, n) => plan.capacity - 1 - n);
    this.#freeCount = plan.capacity;
    this.#heap = new Int32Array(plan.capacity);
    this.#dueUs = new Float64Array(plan.capacity);
    this.#order = new Float64Array(plan.capacity);
  }

  /** Whether a frame from this side leaves at once, without delay and without a rate limit. */
  isImmediate(side: Side): boolean {
    return this.#plan.bitsPerSecond === null && this.#plan.delayUs[side] === 0;
  }

  /** A free slot, or -1 when there is none. The slot belongs to the caller until `give`. */
  take(): number {
    return this.#freeCount === 0 ? -1 : this.#free[(this.#freeCount -= 1)]!;
  }

  /** Returns a slot. */
  give(slot: number): void {
    this.#free[this.#freeCount] = slot;
    this.#freeCount += 1;
  }

  /**
   * Schedules a frame from a side. It waits for earlier frames on the line, then takes its own time on the line, the delay, and `extraUs`.
   * With `extraUs`, later frames can overtake it.
   */
  send(slot: number, side: Side, bytes: number, nowUs: number, extraUs = 0): void {
    this.#put(slot, this.#lineEndUs(side, bytes, nowUs) + this.#plan.delayUs[side] + extraUs);
  }

  /** Holds a frame until `release` is called with this name. */
  hold(slot: number, side: Side, bytes: number, until: string): void {
    const held = this.#held.get(until);
    if (held === undefined) this.#held.set(until, [{ slot, side, bytes }]);
    else held.push({ slot, side, bytes });
  }

  /** Schedules the frames held for this name as if they arrived now, in the order of their arrival. Returns their number. */
  release(name: string, nowUs: number): number {
    const held = this.#held.get(name) ?? [];
    this.#held.delete(name);
    for (const { slot, side, bytes } of held) this.send(slot, side, bytes, nowUs);
    return held.length;
  }

  /** When the next frame leaves; Infinity when none is scheduled. */
  nextDueUs(): number {
    return this.#heapCount === 0 ? Number.POSITIVE_INFINITY : this.#dueUs[this.#heap[0]!]!;
  }

  /** Takes the slot of the next frame that is due; -1 when none is due. */
  due(nowUs: number): number {
    if (this.nextDueUs() > nowUs) return -1;
    return this.#pop();
  }

  /** Takes the slots of all frames that have not left, in the order of leaving, and then those of held frames. */
  drain(): number[] {
    const slots: number[] = [];
    while (this.#heapCount > 0) slots.push(this.#pop());
    for (const held of this.#held.values()) slots.push(...held.map(({ slot }) => slot));
    this.#held.clear();
    return slots;
  }

  /** The number of slots in use. */
  get waiting(): number {
    return this.#plan.capacity - this.#freeCount;
  }

  #lineEndUs(side: Side, bytes: number, nowUs: number): number {
    const { bitsPerSecond } = this.#plan;
    if (bitsPerSecond === null) return nowUs;
    const endUs = Math.max(nowUs, this.#lineFreeUs[side]) + (bytes * 8e6) / bitsPerSecond;
    this.#lineFreeUs[side] = endUs;
    return endUs;
  }

  #put(slot: number, dueUs: number): void {
    this.#dueUs[slot] = dueUs;
    this.#order[slot] = this.#orders += 1;
    let at = this.#heapCount;
    this.#heapCount += 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = this.#heap[above]!;
      if (!this.#isBefore(slot, other)) break;
      this.#heap[at] = other;
      at = above;
    }
    this.#heap[at] = slot;
  }

  #pop(): number {
    const first = this.#heap[0]!;
    this.#heapCount -= 1;
    const last = this.#heap[this.#heapCount]!;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= this.#heapCount) break;
      if (below + 1 < this.#heapCount && this.#isBefore(this.#heap[below + 1]!, this.#heap[below]!))
        below += 1;
      if (!this.#isBefore(this.#heap[below]!, last)) break;
      this.#heap[at] = this.#heap[below]!;
      at = below;
    }
    this.#heap[at] = last;
    return first;
  }

  #isBefore(slot: number, other: number): boolean {
    const difference = this.#dueUs[slot]! - this.#dueUs[other]!;
    return difference < 0 || (difference === 0 && this.#order[slot]! < this.#order[other]!);
  }
}
