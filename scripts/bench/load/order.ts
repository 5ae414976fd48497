/**
 * The arms in the order of one round. Each round begins with the next arm. After as many rounds as arms, each arm has had every place
 * once. So no place in the order favours one arm, for example by the heat of the processor.
 */
export function orderOf<T>(arms: readonly T[], round: number): T[] {
  const first = arms.length === 0 ? 0 : round % arms.length;
  return [...arms.slice(first), ...arms.slice(0, first)];
}
