import type { Round, Side } from "./round.ts";
import type { Row } from "./row.ts";

/** What is asked of a row. */
export interface Asked {
  /** How many more rounds, on each side; null: as many as make the row complete. */
  more: number | null;
  /** The commit of the other checkout to compare with; null when there is none. */
  beside: string | null;
}

/** How many rounds a row is to have on each side in the end, of those that are meant. */
export function goal(row: Row, rounds: readonly Round[], asked: Asked): number {
  const { here } = made(row, rounds, asked);
  return asked.more === null ? row.rounds : here + asked.more;
}

/** Whose round is next; null when none is left. Sides take turns, so that what the machine does to one it does to the other. */
export function nextSide(row: Row, rounds: readonly Round[], asked: Asked, until: number): Side | null {
  const { here, there } = made(row, rounds, asked);
  if (there !== null && there < here && there < until) return "there";
  if (here < until) return "here";
  return there !== null && there < until ? "there" : null;
}

/** Rounds so far. Beside another checkout those count that alternate with it; otherwise all of this one, with whatever they alternated. */
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
