/** Bytes that have come and that no step has read. */
export class Inbox {
  readonly #pieces: Buffer[] = [];
  bytes = 0;

  add(piece: Buffer): void {
    this.#pieces.push(piece);
    this.bytes += piece.length;
  }

  /** Takes the next piece; null: there is none. */
  take(): Buffer | null {
    const piece = this.#pieces.shift() ?? null;
    this.bytes -= piece?.length ?? 0;
    return piece;
  }

  /** Puts the rest of a piece back. */
  putBack(rest: Buffer): void {
    if (rest.length === 0) return;
    this.#pieces.unshift(rest);
    this.bytes += rest.length;
  }

  /** Drops everything, and returns how many bytes it was. */
  drop(): number {
    const dropped = this.bytes;
    this.#pieces.length = 0;
    this.bytes = 0;
    return dropped;
  }
}
