/**
 * The smallest of the values that at least `p` percent of them do not exceed (nearest rank: always one of the values). null when there
 * are no values. The values need not be sorted. Throws a RangeError unless 0 < p <= 100.
 */
export function percentile(values: readonly number[], p: number): number | null {
  if (!(p > 0 && p <= 100)) {
    throw new RangeError(`a percentile is more than 0 and at most 100, and this is ${p}`);
  }
  const sorted = values.toSorted((a, b) => a - b);
  // Rounded to nine places first: 99.9 has no exact binary form, so 99.9 % of 1000 values would be the 1000th.
  const rank = Math.ceil(Number(((p * sorted.length) / 100).toFixed(9)));
  return sorted[rank - 1] ?? null;
}
