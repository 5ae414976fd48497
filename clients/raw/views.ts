/** The longest view that is kept. Answers to one request have few lengths, and most are short. */
const KEPT = 4096;

/** A buffer, and views of its first bytes. Every answer needs a view, and making a view takes longer than finding a kept one. */
export class Views {
  readonly whole: Buffer;
  readonly #kept: (Buffer | undefined)[] = Array.from({ length: KEPT + 1 });

  constructor(bytes: number) {
    this.whole = Buffer.alloc(bytes);
  }

  /** A view of the first `count` bytes. It shares its memory with the buffer. */
  first(count: number): Buffer {
    if (count > KEPT) return this.whole.subarray(0, count);
    return (this.#kept[count] ??= this.whole.subarray(0, count));
  }
}
