import type { Recording } from "../model/recording.ts";
import type { SampleKind } from "../model/sample.ts";
import type { Text } from "../model/text.ts";
import type { Bound } from "./bound.ts";
import { answer, type Claim, claim } from "./claim.ts";
import { figure as shown } from "./wording.ts";

/** Something that can be measured in a recording, and its name: "sockets in TIME-WAIT on client at the last look". */
export interface Figure {
  name: Text;
  needs: SampleKind[];
  unit?: "ms" | "s" | "B";
  /** null when what was recorded cannot tell. */
  of: (recording: Recording) => number | null;
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

/** That a figure lies within a bound. */
export function is(one: Figure, bound: Bound): Claim<Recording> {
  const { name, unit = "" } = one;
  const sentence = {
    en: `${name.en}: ${bound.ofAmount(unit)}`,
    zh: `${name.zh}：${bound.zh}${unit && ` ${unit}`}`,
  };
  return claim(sentence, one.needs, (recording) => {
    const value = one.of(recording);
    return answer(value === null ? null : bound.holds(value), figureInWords(one, recording));
  });
}

/** A figure that is part of the evidence and decides nothing, but that it must be there. */
export function told(one: Figure): Claim<Recording> {
  return claim(one.name, one.needs, (recording) =>
    answer(one.of(recording) === null ? null : true, figureInWords(one, recording)),
  );
}

/** That words come out as these, or of this form. */
export function reads({ name, needs, of }: Reading, wanted: string | RegExp): Claim<Recording> {
  const words = typeof wanted === "string" ? wanted : wanted.source;
  return claim({ en: `${name.en}: ${words}`, zh: `${name.zh}：${words}` }, needs, (recording) => {
    const value = of(recording);
    const holds = value === null ? null : typeof wanted === "string" ? value === wanted : wanted.test(value);
    return answer(holds, { en: `${name.en}: ${value ?? "?"}`, zh: `${name.zh}：${value ?? "?"}` });
  });
}

/** A figure as it was measured: `connect() took: 3.1 s`. */
export function figureInWords(one: Figure, recording: Recording): Text {
  const value = amountInWords(one, recording);
  return { en: `${one.name.en}: ${value}`, zh: `${one.name.zh}：${value}` };
}

/** The same without its name. */
export function amountInWords({ of, unit, detail }: Figure, recording: Recording): string {
  const value = of(recording);
  if (value === null) return "?";
  const more = detail === undefined ? "" : ` (${detail(recording)})`;
  const amount = value === Number.POSITIVE_INFINITY ? "∞" : shown(value);
  return `${amount}${unit === undefined ? "" : ` ${unit}`}${more}`;
}
