import * as z from "zod";

// The bounds of the vocabulary as schemas, by what they are about. A bound that no figure can meet, or that every figure meets, is a slip.

/** The numbers that a figure can be. `noun` begins the sentence about a bound with another number. */
interface Numbers {
  noun: string;
  has: (value: number) => boolean;
}

const ANY: Numbers = { noun: "a bound is a number", has: () => true };

/** Of things that are counted: sockets, attempts, segments. */
export const count = boundOf({
  noun: "a count is a whole number from 0 on",
  has: (value) => Number.isSafeInteger(value) && value >= 0,
});
/** Of a kernel counter's difference. Some counters are current values (TcpCurrEstab), and their difference can be negative. */
export const change = boundOf({ noun: "a counter moves by a whole number", has: Number.isSafeInteger });
/** Of a length of time. */
export const duration = boundOf({ noun: "a time is a number from 0 on", has: (value) => value >= 0 });
/** Of a figure that a program reports, or that an experiment computes. */
export const figure = boundOf(ANY);

const isNumber = (value: unknown): value is number => typeof value === "number" && !Number.isNaN(value);

/** atLeast() has no greatest value, and atMost() no least: these ends are open. */
function isOpen(end: number, nth: number): boolean {
  return end === (nth === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
}

function boundOf(numbers: Numbers) {
  return z.custom<{ least: number; most: number }>(
    // An absent key comes here too.
    (value) => value === undefined || problemOf(value, numbers) === null,
    { error: ({ input }) => problemOf(input, numbers) ?? "" },
  );
}

function problemOf(value: unknown, { noun, has }: Numbers): string | null {
  const { least, most } = Object(value) as { least?: unknown; most?: unknown };
  if (!isNumber(least) || !isNumber(most)) {
    const other = isNumber(least) ? most : least;
    return `exactly(), atLeast(), atMost() and between() take numbers, and this is ${shown(other)}`;
  }
  const wrong = [least, most].find((end, nth) => !isOpen(end, nth) && !(Number.isFinite(end) && has(end)));
  if (wrong !== undefined) return `${noun}, and this is ${wrong}`;
  return least <= most ? null : `no number is between ${least} and ${most}`;
}

/** A value that is no number, in a few characters. JSON has no NaN. */
function shown(value: unknown): string {
  return typeof value === "number" ? "not a number (NaN)" : (JSON.stringify(value) ?? typeof value);
}
