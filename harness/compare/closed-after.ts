import type { LoadPlan } from "../load/load-plan.ts";
import type { LoadFigures } from "../load/result.ts";
import { countOf } from "../load/seconds.ts";
import type { Arm } from "../model/comparison.ts";
import { digits, places } from "./wording.ts";

/** The share of connections beyond those that the client needs from which the server closed connections, and not a few failures. */
const CLEARLY = 0.01;
/** A connection that the server closes after fewer answers than this on average was used once. */
const ONCE = 1.5;

type Used = Pick<LoadFigures, "requests" | "warmUp" | "socketsUsed" | "errors">;

/**
 * After how many answers at most, on average, the server closed connections that the client would have used again; null when it did not.
 * The client needs `connections` sockets, one more for each `requestsPerConnection` requests, and one more for each failure. It is an
 * upper bound, because connections that were open at the end, or failed, had answers too, and nobody counted those.
 */
export function closedAfter(
  { mode, connections, requestsPerConnection }: LoadPlan,
  { requests, warmUp, socketsUsed, errors }: Used,
): number | null {
  if (mode === "short" || requestsPerConnection === 1) return null;
  const all = requests + warmUp.requests;
  const failures = countOf(errors);
  const needed = connections + all / requestsPerConnection + failures;
  if (socketsUsed <= (1 + CLEARLY) * needed) return null;
  return all / Math.max(1, socketsUsed - connections - failures);
}

/** Whether the server closed each connection of an arm after one answer, so that the arm was the same as `short`. */
export function isClosedAtOnce({ closedAfter }: { closedAfter: number | null }): boolean {
  return closedAfter !== null && closedAfter < ONCE;
}

/** A sentence that names the arms in which the server kept no connection; none if it kept connections. */
export function notKeptSentences(arms: readonly Arm[]): string[] {
  const same = arms.filter((arm) => isClosedAtOnce({ closedAfter: arm.closedAfter?.median ?? null }));
  if (same.length === 0) return [];
  const are = same.length === 1 ? "this arm is" : "these arms are";
  return [
    `The server closed each connection after one answer, also those of ${places(same.map(({ id }) => id))}: ` +
      `${are} the same as short, and nothing can be concluded about keep-alive with this server.`,
  ];
}

/** A sentence on the arms whose connections the server closed after several answers, before the client would have; none if there are none. */
export function closedEarlySentences(arms: readonly Arm[]): string[] {
  const early = arms.flatMap(({ id, closedAfter }) =>
    closedAfter === null || isClosedAtOnce({ closedAfter: closedAfter.median })
      ? []
      : [`of ${id} after at most ${digits(closedAfter.median, 2)} answers`],
  );
  if (early.length === 0) return [];
  return [`The server closed connections before the client would have: ${places(early)}.`];
}
