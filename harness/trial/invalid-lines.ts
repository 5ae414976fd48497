/**
 * The invalid lines of one program. A program that prints one mostly prints many at once: they are one failure, with their number and
 * the first of them. The failure ends the trial, so later ones are not reported.
 */
export class InvalidLines {
  readonly #onFailed: (because: string) => void;
  #first: string | null = null;
  #count = 0;

  constructor(onFailed: (because: string) => void) {
    this.#onFailed = onFailed;
  }

  /** Takes what is wrong with a line. Reports once, when all lines that were read together are taken. */
  add(wrong: string): void {
    this.#count += 1;
    if (this.#first !== null) return;
    this.#first = wrong;
    // The lines of one read are taken one after another, before any microtask.
    queueMicrotask(() => this.#onFailed(this.#sentence(wrong)));
  }

  #sentence(first: string): string {
    return this.#count === 1
      ? `printed an invalid line: ${first}`
      : `printed ${this.#count} invalid lines, of which the first is ${first}`;
  }
}
