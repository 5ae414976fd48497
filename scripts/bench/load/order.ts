/**
 * The arms in the order of one round: each round begins one arm later, so that over as many rounds as there are arms each of them
 * has had every place once, and none is always the one that comes after a certain other's heat.
 */
export function orderOf<T>(arms: readonly T[], round: number): T[] {
  const first = arms.length === 0 ? 0 : round % arms.length;
  return [...arms.slice(first), ...arms.slice(0, first)];
}
