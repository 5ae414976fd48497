/** How long a line may wait for company before it is written. A SIGKILL costs at most the lines of that time. */
const FLUSH_US = 50_000;
/** How much may wait before it is written at once. */
const FLUSH_LENGTH = 65_536;
/** How long a reader that reads nothing is waited for at the end. */
const END_MS = 10_000;

/** Standard output in JSON lines, gathered and written in large pieces. */
export class Output {
  readonly #stream: NodeJS.WriteStream;
  #text = "";
  #flushedUs = 0;

  /** `onBroken` is called when the other end of the output is gone. */
  constructor(stream: NodeJS.WriteStream, onBroken: (error: Error) => void) {
    this.#stream = stream;
    stream.on("error", onBroken);
  }

  line(row: object): void {
    this.#text += `${JSON.stringify(row)}\n`;
  }

  /** Writes what has waited long enough. */
  breathe(nowUs: number): void {
    if (this.#text.length < FLUSH_LENGTH && nowUs - this.#flushedUs < FLUSH_US) return;
    this.#flushedUs = nowUs;
    this.#flush();
  }

  /**
   * Writes the rest, and resolves when the kernel has taken all of it: exiting before would lose what a pipe had no room
   * for. False when the output is broken or nobody has read on for 10 s.
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
