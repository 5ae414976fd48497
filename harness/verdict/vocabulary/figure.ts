import type { Recording } from "../../model/recording.ts";
import type { SampleKind } from "../../model/sample.ts";
import type { Text } from "../../model/text.ts";
import { figure as shown } from "./wording.ts";

/** Something that can be measured in a recording, and its name: "TIME-WAIT sockets on client, in the last sample". */
export interface Figure {
  name: Text;
  needs: SampleKind[];
  unit?: "ms" | "s" | "B";
  /** null when the recording does not show it. */
  of: (recording: Recording) => number | null;
  /** How many there are in all, when the figure counts a part of them. */
  outOf?: (recording: Recording) => number | null;
  /** The parts of the figure, printed in brackets behind it. */
  detail?: (recording: Recording) => string;
}

/** Something that is read from a recording as words: an errno, a sysctl, the states that an end passed through. */
export interface Reading {
  name: Text;
  needs: SampleKind[];
  /** null when the recording does not show it. */
  of: (recording: Recording) => string | null;
}

/** Makes figures and readings that need one kind of samples, from their name and how they are measured. */
export const measuredIn =
  (kind: SampleKind) =>
  <T extends number | string>(
    name: Text,
    of: (recording: Recording) => T | null,
    more: Pick<Figure, "unit" | "outOf" | "detail"> = {},
  ) => ({ name, needs: [kind], of, ...more });

/** The name and value of a figure or a reading: `connect() took: 3.1 s`. */
export function shownInWords(one: Figure | Reading, recording: Recording): Text {
  const { en, zh } = valueInWords(one, recording);
  return { en: `${one.name.en}: ${en}`, zh: `${one.name.zh}：${zh}` };
}

/** The value alone. */
export function valueInWords(one: Figure | Reading, recording: Recording): Text {
  const value = one.of(recording);
  if (value === null) return { en: "?", zh: "?" };
  if (typeof value === "string") return { en: value, zh: value };
  const { unit, outOf, detail } = one as Figure;
  const amount = `${value === Number.POSITIVE_INFINITY ? "∞" : shown(value)}${unit === undefined ? "" : ` ${unit}`}`;
  const [all, parts] = [outOf?.(recording) ?? null, detail?.(recording) ?? ""];
  return {
    en: `${amount}${all === null ? "" : ` of ${all}`}${parts === "" ? "" : ` (${parts})`}`,
    zh: `${amount}${all === null ? "" : `（共 ${all}）`}${parts === "" ? "" : `（${parts}）`}`,
  };
}
