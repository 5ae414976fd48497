import type { RequestsEach } from "../model/comparison.ts";

/** The short name of an arm: `short`, `5`, `keep-alive`. Its programs and hosts are named after it. */
export function armId(requestsEach: RequestsEach): string {
  if (requestsEach === null) return "keep-alive";
  return requestsEach === 1 ? "short" : String(requestsEach);
}

/** The arms in the order of one repetition (from 1). Each repetition begins with another arm, so no arm is always first or last. */
export function armsInTurn(arms: readonly RequestsEach[], repetition: number): RequestsEach[] {
  const from = (repetition - 1) % Math.max(1, arms.length);
  return [...arms.slice(from), ...arms.slice(0, from)];
}
