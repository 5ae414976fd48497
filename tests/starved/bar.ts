import { median } from "../../harness/measure/median.ts";
import { countsOfAll, type Round } from "./round.ts";

/** Whether rounds meet a bar, and what was observed. */
export interface Standing {
  observed: string;
  isMet: boolean;
}

/** A condition that the rounds of a row must meet. */
export interface Bar {
  words: string;
  /** null if the bar does not apply to these rounds, because they do not alternate with another checkout. */
  of: (rounds: readonly Round[]) => Standing | null;
}

/** Every round must have results that can be counted. A round without them is a failure, whatever the others show. */
export const SOUND: Bar = {
  words: "every round is sound",
  of(rounds) {
    const unsound = rounds.filter(({ unsound }) => unsound !== null).length;
    return { observed: `${unsound} of ${rounds.length} unsound`, isMet: rounds.length > 0 && unsound === 0 };
  },
};

/** No round has any of this outcome. */
export function none(outcome: string): Bar {
  return {
    words: `0 ${outcome} in every round`,
    of(rounds) {
      const count = countsOfAll(here(rounds))[outcome] ?? 0;
      return { observed: String(count), isMet: isAny(rounds) && count === 0 };
    },
  };
}

/** All results of every round have one outcome. */
export function all(outcome: string): Bar {
  return {
    words: `all ${outcome} in every round`,
    of(rounds) {
      const { share, observed } = shareOf(rounds, (one) => one === outcome);
      return { observed, isMet: share === 1 };
    },
  };
}

/** At least this share of all results, over all rounds, has one outcome. */
export function atLeast(least: number, outcome: string): Bar {
  return {
    words: `at least ${percent(least)} ${outcome}`,
    of(rounds) {
      const { share, observed } = shareOf(rounds, (one) => one === outcome);
      return { observed, isMet: share >= least };
    },
  };
}

/** At least this share of all results, over all rounds, has an outcome other than this one. */
export function atLeastOther(least: number, outcome: string): Bar {
  return {
    words: `at least ${percent(least)} not ${outcome}`,
    of(rounds) {
      const { share, observed } = shareOf(rounds, (one) => one !== outcome);
      return { observed, isMet: share >= least };
    },
  };
}

/** At most this share of the trials, over all rounds, is run again. */
export function againAtMost(most: number): Bar {
  return {
    words: `at most ${percent(most)} of the trials run again`,
    of(rounds) {
      const trials = sum(here(rounds), ({ trials }) => trials);
      const again = sum(here(rounds), ({ again }) => again);
      return { observed: `${again} of ${trials}`, isMet: trials > 0 && again / trials <= most };
    },
  };
}

/** The median of a figure over the rounds here is at most this many times its median over the other checkout's rounds. */
export function ratioAtMost(most: number, what: string, of: (round: Round) => number | null): Bar {
  return {
    words: `${what}: at most ${most} times the other checkout's`,
    of(rounds) {
      // Rounds of another day or beside another commit cannot be compared. Only those that alternate with the last other commit count.
      const beside = rounds.findLast(({ side }) => side === "there")?.beside;
      if (beside === undefined) return null;
      const values = (side: Round["side"]): number[] =>
        rounds
          .filter((round) => round.side === side && round.beside === beside && round.unsound === null)
          .map(of)
          .filter((value) => value !== null);
      const [ours, theirs] = [values("here"), values("there")];
      if (ours.length === 0 || theirs.length === 0) return { observed: "not measured", isMet: false };
      const ratio = median(ours) / median(theirs);
      const observed = `${ratio.toFixed(2)} (${median(ours).toFixed(2)} s to ${median(theirs).toFixed(2)} s)`;
      return { observed, isMet: ratio <= most };
    },
  };
}

/** Processor time of a trial, in seconds; null if it was not measured. */
export function cpuOfATrial({ cpuSeconds, trials, repetitions }: Round): number | null {
  return cpuSeconds === null || trials === 0 ? null : cpuSeconds / (trials + repetitions);
}

function here(rounds: readonly Round[]): Round[] {
  return rounds.filter(({ side }) => side === "here");
}

/** Whether anything was counted. Rounds without results meet no bar. */
function isAny(rounds: readonly Round[]): boolean {
  return sum(here(rounds), ({ counts }) => sum(Object.values(counts), (count) => count)) > 0;
}

function shareOf(
  rounds: readonly Round[],
  isMeant: (outcome: string) => boolean,
): { share: number; observed: string } {
  const counts = Object.entries(countsOfAll(here(rounds)));
  const total = sum(counts, ([, count]) => count);
  const meant = sum(
    counts.filter(([outcome]) => isMeant(outcome)),
    ([, count]) => count,
  );
  const share = total === 0 ? 0 : meant / total;
  return { share, observed: `${meant} of ${total}${total === 0 ? "" : ` (${(share * 100).toFixed(1)} %)`}` };
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
