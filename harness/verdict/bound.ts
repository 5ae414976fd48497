/** What a figure may be, and how to say so. */
export interface Bound {
  holds: (value: number) => boolean;
  /** Of things that are counted: `exactly 97 sockets`, `no sockets`, `at least 1 socket`. */
  ofThings: (one: string, many: string) => string;
  /** Whether things within it are spoken of as one: "there is at least 1 socket". */
  isOne: boolean;
  /** Whether it has an upper end: a figure that nobody saw may lie above it. */
  isCapped: boolean;
  /** Of an amount: `at least 900 ms`. The unit may be empty. */
  ofAmount: (unit: string) => string;
}

/** That number and no other: loads are primes, so that it can only have come from that load. */
export function exactly(value: number): Bound {
  return bound(
    (seen) => seen === value,
    value === 0 ? "no" : `exactly ${value}`,
    `exactly ${value}`,
    value === 1,
  );
}

/** That number or more. */
export function atLeast(value: number): Bound {
  return bound((seen) => seen >= value, `at least ${value}`, `at least ${value}`, value === 1);
}

/** That number or less. */
export function atMost(value: number): Bound {
  return bound((seen) => seen <= value, `at most ${value}`, `at most ${value}`, value === 1);
}

/** Any number from the one to the other, both included. */
export function between(least: number, most: number): Bound {
  const words = `between ${least} and ${most}`;
  return bound((seen) => seen >= least && seen <= most, words, words, false);
}

function bound(holds: Bound["holds"], things: string, amount: string, isOne: boolean): Bound {
  return {
    holds,
    isOne,
    isCapped: !holds(Number.POSITIVE_INFINITY),
    ofThings: (one, many) => `${things} ${isOne ? one : many}`,
    ofAmount: (unit) => (unit === "" ? amount : `${amount} ${unit}`),
  };
}
