/** How long lines are collected before they are written. A SIGKILL loses at most the lines of this time. */
const FLUSH_US = 50_000;
/** More text than this is written at once. */
const FLUSH_LENGTH = 65_536;
/** How long the end waits for a reader that does not read. */
const END_MS = 10_000;

/** Standard output in JSON lines, collected and written in large pieces. */
export class Output {
  readonly #stream: NodeJS.WriteStream;
  #text = "";
  #flushedUs = 0;

  /** `onBroken` is called when the reader of the output is gone. */
  constructor(stream: NodeJS.WriteStream, onBroken: (error: Error) => void) {
    this.#stream = stream;
    stream.on("error", onBroken);
  }

  line(row: object): void {
    this.#text += `${JSON.stringify(row)}\n`;
  }

  /** Writes the collected lines if they have waited long enough, or are long enough. */
  breathe(nowUs: number): void {
    if (this.#text.length < FLUSH_LENGTH && nowUs - this.#flushedUs < FLUSH_US) return;
    this.#flushedUs = nowUs;
    this.#flush();
  }

  /**
   * Writes the rest, and resolves when the kernel has taken all of it. An earlier exit would lose the text for which the pipe had
   * no room. False when the output is broken, or when the reader has not taken it all within 10 s.
   */
  end(): Promise<boolean> {
    return new Promise((resolve) => {
      const bound = setTimeout(() => resolve(false), END_MS);
      this.#stream.write(this.#text, (error) => {
        clearTimeout(bound);
        resolve(error === null || error === undefined);
      });
      this.#text = "";
    });
  }

  #flush(): void {
    if (this.#text === "") return;
    this.#stream.write(this.#text);
    this.#text = "";
  }
}
