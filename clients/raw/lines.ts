/** The line feed. */
export const LF = 0x0a;

/** Cuts lines out of bytes that arrive in pieces. A line ends with LF; a CR before the LF does not belong to the line. */
export class LineReader {
  readonly #most: number;
  #text = "";

  /** `most` limits the length of a line in bytes, so that a line without an end is noticed. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Whether the line can begin with `beginning`: true also while it is shorter and the same so far. */
  mayBegin(beginning: string): boolean {
    return this.#text.startsWith(beginning) || beginning.startsWith(this.#text);
  }

  /** Whether the line read so far is longer than allowed. */
  get tooLong(): boolean {
    return this.#text.length > this.#most;
  }

  /** Whether the line that `read` has just ended has a CR before its LF. */
  get endsInCr(): boolean {
    return this.#text.endsWith("\r");
  }

  begin(): void {
    this.#text = "";
  }

  /**
   * Reads from `from` to the end of the next line and returns the position after it; `take` then returns the line. Returns -1 when
   * the line is not whole yet; its bytes up to `most` are kept.
   */
  read(bytes: Buffer, from: number): number {
    const end = bytes.indexOf(LF, from);
    const until = end === -1 ? bytes.length : end;
    // One byte more than allowed is kept, so that `tooLong` can notice it.
    const room = this.#most + 1 - this.#text.length;
    this.#text += bytes.toString("latin1", from, Math.min(until, from + Math.max(room, 0)));
    return end === -1 ? -1 : end + 1;
  }

  /** The line that `read` has just ended. */
  take(): string {
    const line = this.endsInCr ? this.#text.slice(0, -1) : this.#text;
    this.#text = "";
    return line;
  }
}
