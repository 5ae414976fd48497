import { samplesOf } from "../measure/evidence.ts";
import { unreadColumn } from "../measure/unread.ts";
import type { View } from "../model/expectation.ts";
import type { FailureMode } from "../model/experiment.ts";
import type { SampleKind } from "../model/sample.ts";
import type { Alternative } from "./alternatives.ts";
import type { Subject } from "../model/subject.ts";

/** Fewer samples cannot tell what lasts from what was there by chance. */
const FEWEST_SAMPLES = 4;

/** The kinds of samples that a view has. */
const VISIBLE = ["sockets", "listeners", "counters", "processes"] as const satisfies SampleKind[];

/** How sure a finding is: sure where nothing known could look the same, and no alternative is undecided. */
export interface Certainty {
  level: "sure" | "likely";
  /** What shows it: the kinds of evidence, each with its number of samples. */
  shown: string;
  /** What could look the same although the symptom is there, or what is missing. */
  doubts: string[];
  /** Those of the doubts that are about what could not be seen. */
  notVisible: string[];
}

/** How sure a confirmed symptom is, from what it needed and from what could not be told. */
export function certaintyOf(
  mode: FailureMode,
  { subject, view }: { subject: Subject; view: View },
  alternatives: readonly Alternative[],
): Certainty {
  const needs = VISIBLE.filter((kind) => mode.symptom.some((part) => part.needs.includes(kind)));
  const samples = Math.min(...needs.map((kind) => samplesOf(view, kind).length));
  const isOpen = alternatives.some(({ state }) => state === "not judged");
  const notVisible = holdersAreUnseen(view) ? ["who holds some of the sockets is not visible"] : [];
  const doubts = [
    ...(samples < FEWEST_SAMPLES ? [`only ${samples} samples were taken`] : []),
    ...(subject.kind === "namespace" ? ["the counters are those of all programs here"] : []),
    ...notVisible,
    ...(mode.advice?.doubt === undefined ? [] : [mode.advice.doubt]),
  ];
  const shown = `${needs.join(", ").replace(/, (?=\w+$)/, " and ")} show it in ${samples} samples`;
  return { level: doubts.length === 0 && !isOpen ? "sure" : "likely", shown, doubts, notVisible };
}

function holdersAreUnseen(view: View): boolean {
  const groups = samplesOf(view, "sockets").at(-1)?.groups ?? [];
  return groups.some((group) => unreadColumn(group, "owner") !== null || group.owner === "unseen");
}
