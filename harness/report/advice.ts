import type { AdviceHere } from "../diagnosis/advice.ts";

/** How many alternatives of one kind, and how many pieces of popular advice, a finding prints. JSON has all. */
const MOST = 2;

/** A line of a finding: its label, and a text that is still to be wrapped. */
export type Labelled = [label: string, text: string];

/** How sure a finding is, and why. */
export function certaintyLines({ certainty, alternatives }: AdviceHere): Labelled[] {
  const { level, shown, doubts } = certainty;
  const ids = (state: string): string[] =>
    alternatives.filter((one) => one.state === state).map(({ id }) => id);
  const out = ids("ruled out");
  const and = out.length === 0 ? "" : `; ruled out here: ${out.join(", ")}`;
  return [[level, shown + and], ...doubts.map((doubt): Labelled => ["but", doubt])];
}

/** What else a finding could be, and what looks alike and is no fault, each with what would tell. */
export function unlikeLines({ alternatives }: AdviceHere): Labelled[] {
  return [
    ...tells(alternatives, "not judged", "or"),
    ...tells(alternatives, "not visible", "or"),
    ...tells(alternatives, "no fault", "unlike"),
  ];
}

function tells(alternatives: AdviceHere["alternatives"], state: string, label: string): Labelled[] {
  return alternatives
    .filter((one) => one.state === state)
    .slice(0, MOST)
    .map(({ id, tells: text }) => [label, `${id}: ${text}`]);
}

/** The cures by layer, each with the setting that binds here; the settings that do not; and the popular advice that does not help. */
export function cureLines({ cures, noUse, wrong }: AdviceHere): Labelled[] {
  const shownBy = (shown: string | null): string => (shown === null ? "" : ` (${shown})`);
  return [
    ...cures.flatMap(({ layer, what, tried, setting }, nth): Labelled[] => [
      [nth === 0 ? "cure" : "", `${layer}: ${what}${tried === null ? "" : ` (${tried})`}`],
      ...(setting === null ? [] : [["", `now ${setting}`] satisfies Labelled]),
    ]),
    ...noUse.map(({ setting, because }): Labelled => ["no use", `${setting}: ${because}`]),
    ...wrong
      .slice(0, MOST)
      .map(({ advice, because, shown }): Labelled => ["wrong", `"${advice}": ${because}${shownBy(shown)}`]),
  ];
}
