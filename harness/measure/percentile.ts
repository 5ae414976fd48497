/**
 * The smallest of the values that at least `p` percent of them do not exceed (nearest rank: always one of the values).
 * null when there are none. Throws a RangeError unless 0 < p <= 100. They need not be sorted.
 */
export function percentile(values: readonly number[], p: number): number | null {
  if (!(p > 0 && p <= 100)) {
    throw new RangeError(`a percentile is more than 0 and at most 100, and this is ${p}`);
  }
  const sorted = values.toSorted((a, b) => a - b);
  // Rounded to nine places first, or 99.9 % of 1000 values would be the 1000th for want of a binary 99.9.
  const rank = Math.ceil(Number(((p * sorted.length) / 100).toFixed(9)));
  return sorted[rank - 1] ?? null;
}
