import type { Recording } from "../../model/recording.ts";
import type { Bound } from "./bound.ts";
import { answer, type Claim, claim } from "./claim.ts";
import { type Figure, type Reading, shownInWords } from "./figure.ts";

/** That a figure lies within a bound. */
export function is(one: Figure, bound: Bound): Claim<Recording> {
  const { name, unit = "" } = one;
  const zh = `${bound.zh}${unit === "" ? "" : ` ${unit}`}`;
  return claim(
    { en: `${name.en}: ${bound.ofAmount(unit)}`, zh: `${name.zh}：${zh}` },
    one.needs,
    (recording) => {
      const value = one.of(recording);
      return answer(value === null ? null : bound.holds(value), shownInWords(one, recording));
    },
  );
}

/** A figure that is shown with the evidence and decides nothing. */
export function told(one: Figure): Claim<Recording> {
  return claim(one.name, one.needs, (recording) => answer(true, shownInWords(one, recording)));
}

/** That a reading is these words, or matches this pattern. */
export function reads(one: Reading, wanted: string | RegExp): Claim<Recording> {
  const words = typeof wanted === "string" ? wanted : wanted.source;
  const sentence = { en: `${one.name.en}: ${words}`, zh: `${one.name.zh}：${words}` };
  return claim(sentence, one.needs, (recording) => {
    const value = one.of(recording);
    const holds = value === null ? null : typeof wanted === "string" ? value === wanted : wanted.test(value);
    return answer(holds, shownInWords(one, recording));
  });
}
