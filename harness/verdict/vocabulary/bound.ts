import type { MeteredRange } from "../../model/metered.ts";

/** The values that a figure is allowed to have, and the words for them. */
export interface Bound {
  holds: (value: number) => boolean;
  /** The least and the greatest allowed value. */
  least: number;
  most: number;
  /** For things that are counted: `exactly 97 sockets`, `no sockets`, `at least 1 socket`. */
  ofThings: (one: string, many: string) => string;
  /** Whether a sentence about the things is in the singular: "there is at least 1 socket". */
  isOne: boolean;
  /** Whether it has an upper limit. If so, a sample that was not taken could have refuted the claim. */
  isCapped: boolean;
  /** For an amount: `at least 900 ms`. The unit can be empty. */
  ofAmount: (unit: string) => string;
  /** In Chinese, for things and amounts alike: `恰好 97`, `至少 900`. */
  zh: string;
}

/** The range of a bound, without limits that are infinite. */
export function rangeOf({ least, most }: Bound): MeteredRange {
  return {
    ...(least > Number.NEGATIVE_INFINITY && { atLeast: least }),
    ...(most < Number.POSITIVE_INFINITY && { atMost: most }),
  };
}

/** That number and no other. The sizes of loads are primes, so such a number can only come from that load. */
export function exactly(value: number): Bound {
  const words = {
    things: value === 0 ? "no" : `exactly ${value}`,
    amount: `exactly ${value}`,
    zh: `恰好 ${value}`,
  };
  return bound(value, value, words, value === 1);
}

/** That number or more. */
export function atLeast(value: number): Bound {
  const words = `at least ${value}`;
  return bound(
    value,
    Number.POSITIVE_INFINITY,
    { things: words, amount: words, zh: `至少 ${value}` },
    value === 1,
  );
}

/** That number or less. */
export function atMost(value: number): Bound {
  const words = `at most ${value}`;
  return bound(
    Number.NEGATIVE_INFINITY,
    value,
    { things: words, amount: words, zh: `至多 ${value}` },
    value === 1,
  );
}

/** Less than that number. */
export function lessThan(value: number): Bound {
  const words = `less than ${value}`;
  const most = { ...atMost(value), holds: (seen: number) => seen < value };
  return {
    ...most,
    ofThings: (one, many) => `${words} ${value === 1 ? one : many}`,
    ofAmount: (unit) => `${words} ${unit}`.trim(),
    zh: `小于 ${value}`,
  };
}

/** Any number from the first to the second, both included. */
export function between(least: number, most: number): Bound {
  const words = `between ${least} and ${most}`;
  return bound(least, most, { things: words, amount: words, zh: `${least} 到 ${most}` }, false);
}

function bound(
  least: number,
  most: number,
  words: { things: string; amount: string; zh: string },
  isOne: boolean,
): Bound {
  return {
    holds: (value) => value >= least && value <= most,
    least,
    most,
    isOne,
    isCapped: most < Number.POSITIVE_INFINITY,
    ofThings: (one, many) => `${words.things} ${isOne ? one : many}`,
    ofAmount: (unit) => (unit === "" ? words.amount : `${words.amount} ${unit}`),
    zh: words.zh,
  };
}
