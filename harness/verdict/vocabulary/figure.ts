import type { Recording } from "../../model/recording.ts";
import type { SampleKind } from "../../model/sample.ts";
import type { Text } from "../../model/text.ts";
import { figure as shown } from "./wording.ts";

/** Something that can be measured in a recording, and its name: "sockets in TIME-WAIT on client, at the last look". */
export interface Figure {
  name: Text;
  needs: SampleKind[];
  unit?: "ms" | "s" | "B";
  /** null when what was recorded cannot tell. */
  of: (recording: Recording) => number | null;
  /** How many there are in all, of which the figure counts some. */
  outOf?: (recording: Recording) => number | null;
  /** What the figure is made of, for a reader who wants to know. */
  detail?: (recording: Recording) => string;
}

/** Something that is read in a recording as words: an errno, a sysctl, the states that an end passed through. */
export interface Reading {
  name: Text;
  needs: SampleKind[];
  /** null when what was recorded cannot tell. */
  of: (recording: Recording) => string | null;
}

/** A figure as it was measured, or a reading as it was read: `connect() took: 3.1 s`. */
export function shownInWords(one: Figure | Reading, recording: Recording): Text {
  const { en, zh } = valueInWords(one, recording);
  return { en: `${one.name.en}: ${en}`, zh: `${one.name.zh}：${zh}` };
}

/** The same without its name. */
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
