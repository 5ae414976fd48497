import { type Bar, SOUND, type Standing } from "./bar.ts";
import { againWords, countsOfAll, countsWords, type Round } from "./round.ts";
import type { Row } from "./row.ts";

/** Whether a row meets one of its bars. */
interface BarStanding extends Standing {
  words: string;
}

/** Whether a row meets each of its bars that apply to its rounds. */
function standings({ bars }: Row, rounds: readonly Round[]): BarStanding[] {
  return [SOUND, ...bars].flatMap(({ words, of }: Bar) => {
    const standing = of(rounds);
    return standing === null ? [] : [{ words, ...standing }];
  });
}

/** Whether a row meets all its bars. One without a round meets none. */
export function isMet(row: Row, rounds: readonly Round[]): boolean {
  return standings(row, rounds).every(({ isMet }) => isMet);
}

/** A row's lines of the table: its rounds, their results, and whether they meet each bar. */
export function standingLines(row: Row, rounds: readonly Round[]): string[] {
  const ours = rounds.filter(({ side }) => side === "here");
  const theirs = rounds.length - ours.length;
  const made = `${ours.length} of ${row.rounds} rounds${theirs === 0 ? "" : ` (and ${theirs} there)`}`;
  if (rounds.length === 0) return [`${row.name.padEnd(NAME)}no round`];
  const again = againWords(ours.reduce((sum, one) => sum + one.again, 0));
  const came = `${countsWords(countsOfAll(ours))}${again === "" ? "" : `; ${again}`}`;
  return [
    `${row.name.padEnd(NAME)}${made}: ${came}`,
    ...standings(row, rounds).map(
      ({ words, observed, isMet }) => `  ${isMet ? "met   " : "MISSED"}  ${words}: ${observed}`,
    ),
  ];
}

const NAME = 17;
