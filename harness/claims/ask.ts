import type { Recording } from "../model/recording.ts";
import type { SampleKind } from "../model/sample.ts";
import type { Bound } from "../verdict/bound.ts";
import { figure } from "../verdict/wording.ts";
import type { ClaimAnswer, Question, Text } from "./claim.ts";

const UNTOLD: Text = { en: "what was recorded does not tell", zh: "记录不足以判断" };

/**
 * A figure that must lie within a bound. `words` say it with `{}` in its place: "TIME-WAIT lasted {} s". `of` gives null when what was
 * recorded cannot tell.
 */
export function figureOf(
  words: Text,
  how: { needs: SampleKind[]; of: (...recordings: Recording[]) => number | null },
  bound: Bound,
): Question {
  return question(how.needs, (...recordings) => {
    const value = how.of(...recordings);
    if (value === null) return { holds: null, observed: fill(words, "?", UNTOLD) };
    return { holds: bound.holds(value), observed: fill(words, figure(value)) };
  });
}

/** Words that must come out as these: an errno, a sysctl as read back, the states that an end passed through. */
export function wordsOf(
  words: Text,
  how: { needs: SampleKind[]; of: (...recordings: Recording[]) => string | null },
  wanted: string | RegExp,
): Question {
  return question(how.needs, (...recordings) => {
    const value = how.of(...recordings);
    if (value === null) return { holds: null, observed: fill(words, "?", UNTOLD) };
    const holds = typeof wanted === "string" ? value === wanted : wanted.test(value);
    return { holds, observed: fill(words, value) };
  });
}

/** Any other question. */
export function question(needs: SampleKind[], test: (...recordings: Recording[]) => ClaimAnswer): Question {
  return { needs, test };
}

/** `text` with `value` where its `{}` is, and `more` behind it. */
export function fill(text: Text, value: string, more?: Text): Text {
  const one = (language: keyof Text): string =>
    text[language].replace("{}", value) + (more === undefined ? "" : ` (${more[language]})`);
  return { en: one("en"), zh: one("zh") };
}
