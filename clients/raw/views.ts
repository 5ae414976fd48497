/** The longest beginning that is kept: answers to one request have few lengths, and those are mostly short. */
const KEPT = 4096;

/** A buffer and its beginnings. Making one costs more than looking it up, and there is one for every answer. */
export class Views {
  readonly whole: Buffer;
  readonly #kept: (Buffer | undefined)[] = Array.from({ length: KEPT + 1 });

  constructor(bytes: number) {
    this.whole = Buffer.alloc(bytes);
  }

  /** The first so many bytes, as they are now and as they will be. */
  first(count: number): Buffer {
    if (count > KEPT) return this.whole.subarray(0, count);
    return (this.#kept[count] ??= this.whole.subarray(0, count));
  }
}
