import type { AdviceHere } from "../diagnosis/advice.ts";

// A finding is read in an emergency, and should be short. JSON has all.

/** How many alternatives that are open, and how many that were found, too, a finding prints. */
const MOST_OPEN = 2;
/** How many facts that look alike a finding prints. */
const MOST_FACTS = 1;
/** How many alternatives that are ruled out a finding names. */
const MOST_NAMES = 3;

/** A line of a finding: its label, and a text that is still to be wrapped, or cut where it is `folded`. */
export type Labelled = [label: string, text: string, folded?: "folded"];

/** How sure a finding is, and why. */
export function certaintyLines({ certainty, alternatives }: AdviceHere): Labelled[] {
  const { level, shown, doubts } = certainty;
  const out = alternatives.filter(({ state }) => state === "ruled out").map(({ id }) => id);
  const more = out.length > MOST_NAMES ? ` and ${out.length - MOST_NAMES} more` : "";
  const and = out.length === 0 ? "" : `; ruled out here: ${out.slice(0, MOST_NAMES).join(", ")}${more}`;
  return [[level, shown + and], ...doubts.map((doubt): Labelled => ["but", doubt])];
}

/** What was found with it, what else a finding could be, and what looks alike and is a fact of TCP, each with what would tell. */
export function unlikeLines({ alternatives }: AdviceHere): Labelled[] {
  const open = alternatives.filter(({ state }) => state === "not judged" || state === "not visible");
  const facts = alternatives.filter(({ state }) => state === "fact");
  const found = alternatives.filter(({ state }) => state === "found, too");
  return [
    ...found.slice(0, MOST_OPEN).map(({ id, tells }): Labelled => ["with", `${id}: ${tells}`, "folded"]),
    ...open
      .slice(0, MOST_OPEN)
      .map(({ id, state, tells }): Labelled => ["or", `${id} (${state}): ${tells}`, "folded"]),
    ...facts.slice(0, MOST_FACTS).map(({ id, tells }): Labelled => ["unlike", `${id}: ${tells}`, "folded"]),
  ];
}

/** The cures by layer, each with the setting that binds here; the settings that do not; and the popular advice that does not help. */
export function cureLines({ cures, noUse, wrong }: AdviceHere): Labelled[] {
  return [
    ...cures.flatMap(({ layer, what, tried, setting }, nth): Labelled[] => [
      [nth === 0 ? "cure" : "", `${layer}: ${what}${tried === null ? "" : ` (${tried})`}`],
      ...(setting === null ? [] : [["", `now ${setting}`] satisfies Labelled]),
    ]),
    ...noUse.map(({ setting, because }): Labelled => ["no use", `${setting}: ${because}`, "folded"]),
    ...wrongLines(wrong),
  ];
}

/** The first piece of popular advice with its reason, the others by name. */
function wrongLines([first, ...others]: AdviceHere["wrong"]): Labelled[] {
  if (first === undefined) return [];
  const names = others.map(({ advice }) => `"${advice}"`).join(", ");
  return [
    ["wrong", `"${first.advice}": ${first.because}`],
    ...(names === "" ? [] : [["", `also ${names}`, "folded"] satisfies Labelled]),
  ];
}
