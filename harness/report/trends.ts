/** How many looks a trend shows. */
const MOST_LOOKS = 12;

/** The heights of a trend's columns, from nothing to the most. */
const BARS = { unicode: "▁▂▃▄▅▆▇█", ascii: "_.-=+*#%" } as const;
type TrendStyle = keyof typeof BARS;

/**
 * Blocks need a terminal whose text is UTF-8 (the first of these variables that is set decides: locale(7)) and that is not dumb. NO_COLOR is
 * taken as a wish for plain text.
 */
export function trendStyle(env: Readonly<Record<string, string | undefined>>): TrendStyle {
  const locale = [env["LC_ALL"], env["LC_CTYPE"], env["LANG"]].find((value) => (value ?? "") !== "") ?? "";
  const isPlain = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  return !isPlain && /utf-?8/i.test(locale) ? "unicode" : "ascii";
}

/** Figures that are watched: of each the values of the last looks. */
export class Trends {
  readonly #style: TrendStyle;
  /** The moments of the looks that are kept, in milliseconds. */
  readonly #atMs: number[] = [];
  /** The values of each figure at these moments. */
  readonly #values = new Map<string, number[]>();

  constructor(style: TrendStyle) {
    this.#style = style;
  }

  /**
   * Adds a look. A figure that is missing in a look is 0 there: its sockets are gone, or have not come yet. One that has been 0 in all looks
   * that are kept is forgotten.
   */
  add(figures: ReadonlyMap<string, number>, atMs: number): void {
    for (const name of figures.keys()) {
      if (!this.#values.has(name))
        this.#values.set(
          name,
          this.#atMs.map(() => 0),
        );
    }
    this.#atMs.push(atMs);
    const isFull = this.#atMs.length > MOST_LOOKS;
    if (isFull) this.#atMs.shift();
    for (const [name, values] of this.#values) {
      values.push(figures.get(name) ?? 0);
      if (isFull) values.shift();
      if (values.every((value) => value === 0)) this.#values.delete(name);
    }
  }

  /** By how much a figure has changed since the look before; 0 at its first look. */
  change(name: string): number {
    const values = this.#of(name);
    return values.length < 2 ? 0 : values.at(-1)! - values.at(-2)!;
  }

  /** The same for each second. */
  rate(name: string): number {
    const [before = 0, now = 0] = this.#atMs.slice(-2);
    const seconds = (now - before) / 1000;
    return seconds > 0 ? this.change(name) / seconds : 0;
  }

  /** How much a figure has moved in all looks that are kept, up and down. */
  movement(name: string): number {
    const values = this.#of(name);
    return values.reduce((sum, value, nth) => sum + Math.abs(value - (values[nth - 1] ?? value)), 0);
  }

  /** A column for each look that is kept, between the least and the most of them: `▁▁▂▅█`. */
  line(name: string): string {
    return this.#bars(this.#of(name));
  }

  /** The same of the changes between the looks: for a counter, which only rises. */
  lineOfChanges(name: string): string {
    const values = this.#of(name);
    return this.#bars(values.slice(1).map((value, nth) => value - (values[nth] ?? 0)));
  }

  /** The names of the figures, those that have moved most first; among equal ones, in the order in which they came. */
  byMovement(): string[] {
    return [...this.#values.keys()].toSorted((a, b) => this.movement(b) - this.movement(a));
  }

  #of(name: string): readonly number[] {
    return this.#values.get(name) ?? [];
  }

  #bars(values: readonly number[]): string {
    const bars = BARS[this.#style];
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const span = most - least;
    return values
      .map((value) => bars[span === 0 ? 0 : Math.round(((value - least) / span) * (bars.length - 1))])
      .join("");
  }
}
