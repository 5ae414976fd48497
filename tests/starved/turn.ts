import type { Round, Side } from "./round.ts";
import type { Row } from "./row.ts";

/** The request for a row. */
export interface Asked {
  /** How many more rounds on each side; null for as many as complete the row. */
  more: number | null;
  /** The commit of the other checkout to compare with; null when there is none. */
  beside: string | null;
}

/** The number of counted rounds that a row must have on each side in the end. */
export function goal(row: Row, rounds: readonly Round[], asked: Asked): number {
  const { here } = made(row, rounds, asked);
  return asked.more === null ? row.rounds : here + asked.more;
}

/** The side of the next round; null if none is left. Sides take turns, so that the machine affects both in the same way. */
export function nextSide(row: Row, rounds: readonly Round[], asked: Asked, until: number): Side | null {
  const { here, there } = made(row, rounds, asked);
  if (there !== null && there < here && there < until) return "there";
  if (here < until) return "here";
  return there !== null && there < until ? "there" : null;
}

/** The rounds so far. With another checkout, only rounds that alternate with it count; otherwise all rounds of this checkout count. */
export function made(
  row: Row,
  rounds: readonly Round[],
  { beside }: Pick<Asked, "beside">,
): { here: number; there: number | null } {
  const count = (side: Side, meant: readonly Round[]): number =>
    meant.filter((round) => round.side === side).length;
  if (beside === null || !row.alternates) return { here: count("here", rounds), there: null };
  const alternating = rounds.filter((round) => round.beside === beside);
  return { here: count("here", alternating), there: count("there", alternating) };
}
