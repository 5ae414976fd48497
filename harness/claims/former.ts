import type { Recording } from "../model/recording.ts";
import type { SampleKind } from "../model/sample.ts";
import type { Text } from "../model/text.ts";
import type { Bound } from "../verdict/bound.ts";
import { answer } from "../verdict/claim.ts";
import { figure } from "../verdict/wording.ts";
import type { ClaimVerdict, Condition as New, Question } from "./claim.ts";

export type { Question, Text };

interface ClaimAnswer {
  holds: boolean | null;
  observed: Text;
}

export type { ClaimAnswer };

export interface Condition extends New {
  where: Text;
}

export interface Rule {
  id: string;
  under: [Condition, ...Condition[]];
  beyond: Condition[];
  because: Partial<Record<ClaimVerdict, Text>>;
  history?: { text: Text; source: string };
  untestable?: { reason: Text; instead: Text; isPerMachine: boolean };
}

const UNTOLD: Text = { en: "what was recorded does not tell", zh: "记录不足以判断" };

/** A figure. */
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

/** Words. */
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
  return {
    needs,
    test: (...recordings) => {
      const { holds, observed } = test(...recordings);
      return answer(holds, observed);
    },
  };
}

/** `text` with `value` where its `{}` is, and `more` behind it. */
export function fill(text: Text, value: string, more?: Text): Text {
  const one = (language: keyof Text): string =>
    text[language].replace("{}", value) + (more === undefined ? "" : ` (${more[language]})`);
  return { en: one("en"), zh: one("zh") };
}
