import type { Answer } from "../model/expectation.ts";
import type { Recording } from "../model/recording.ts";
import type { SampleKind } from "../model/sample.ts";
import type { Text } from "../model/text.ts";
import type { Bound } from "../verdict/bound.ts";
import { answer } from "../verdict/claim.ts";
import { amountInWords, type Figure, figureInWords, type Reading } from "../verdict/figure.ts";
import type { Question } from "./claim.ts";

/** A question to one of a condition's several recordings, by its place from 0. */
export function at(nth: number, question: Question): Question {
  return { needs: question.needs, test: (...recordings) => question.test(recordings[nth]!) };
}

/** That the one is by so much more than the other: both of one recording, or the one of the first and the other of the second. */
export function difference(one: Figure, other: Figure, bound: Bound): Question {
  return compared(one, other, (a, b) => bound.holds(a - b), true);
}

/** That the one is such a multiple of the other, which must not be 0. */
export function ratio(one: Figure, other: Figure, bound: Bound): Question {
  return compared(one, other, (a, b) => (b === 0 ? null : bound.holds(a / b)), false);
}

/** That the same comes out of two recordings. */
export function alike(one: Reading): Question {
  return {
    needs: one.needs,
    test: (...recordings) => {
      const [first, second] = recordings.map((recording) => one.of(recording));
      const isKnown = typeof first === "string" && typeof second === "string";
      const each = recordings.map((recording) => `${one.of(recording) ?? "?"} (${recording.header.variant})`);
      return answer(isKnown ? first === second : null, {
        en: `${one.name.en}: ${each.join("; ")}`,
        zh: `${one.name.zh}：${each.join("；")}`,
      });
    },
  };
}

/** A question that only tells something where a premise holds: where that fails, nobody knows. */
export function given(premise: Question, question: Question): Question {
  return both(premise, question, (first, second) => (first === true ? second : null));
}

/** A premise alone: without it, nobody knows. */
export function premise(question: Question): Question {
  return given(question, question);
}

/** That one of two holds at least. */
export function either(one: Question, other: Question): Question {
  return both(one, other, (first, second) =>
    first === true || second === true ? true : first === null ? null : second,
  );
}

function both(
  one: Question,
  other: Question,
  decide: (one: boolean | null, other: boolean | null) => boolean | null,
): Question {
  const needs: SampleKind[] = [...new Set([...one.needs, ...other.needs])];
  return {
    needs,
    test: (...recordings) => {
      const answers =
        one === other ? [one.test(...recordings)] : [one.test(...recordings), other.test(...recordings)];
      const holds = decide(answers[0]?.holds ?? null, answers.at(-1)?.holds ?? null);
      return answer(holds, joined(answers));
    },
  };
}

function joined(answers: Answer[]): Text {
  return {
    en: answers.map(({ observed }) => observed).join("; "),
    zh: answers.map(({ observed, zh }) => zh ?? observed).join("；"),
  };
}

function compared(
  one: Figure,
  other: Figure,
  test: (a: number, b: number) => boolean | null,
  isDifference: boolean,
): Question {
  return {
    needs: [...new Set([...one.needs, ...other.needs])],
    test: (...recordings) => {
      const [here] = recordings;
      const there = recordings[1] ?? here;
      const [a, b] = [valueOf(one, here), valueOf(other, there)];
      if (here === undefined || there === undefined) return answer(null, { en: "?", zh: "?" });
      const words = sideBySide({ one, here }, { one: other, here: there });
      const apart = isDifference && a !== null && b !== null && a !== b ? Number((a - b).toFixed(2)) : null;
      const more =
        apart === null ? { en: "", zh: "" } : { en: ` (difference: ${apart})`, zh: `（相差 ${apart}）` };
      return answer(a === null || b === null ? null : test(a, b), {
        en: `${words.en}${more.en}`,
        zh: `${words.zh}${more.zh}`,
      });
    },
  };
}

function valueOf(one: Figure, recording: Recording | undefined): number | null {
  return recording === undefined ? null : one.of(recording);
}

/** Two figures: those of one name by their variants, others by their names. */
function sideBySide(...sides: { one: Figure; here: Recording }[]): Text {
  const [first] = sides;
  const variants = new Set(sides.map(({ here }) => here.header.variant));
  if (
    first !== undefined &&
    variants.size > 1 &&
    sides.every(({ one }) => one.name.en === first.one.name.en)
  ) {
    const each = sides.map(({ one, here }) => ({
      amount: amountInWords(one, here),
      variant: here.header.variant,
    }));
    return {
      en: `${first.one.name.en}: ${each.map(({ amount, variant }) => `${amount} (${variant})`).join(", ")}`,
      zh: `${first.one.name.zh}：${each.map(({ amount, variant }) => `${amount}（${variant}）`).join("，")}`,
    };
  }
  const words = sides.map(({ one, here }) => figureInWords(one, here));
  return { en: words.map(({ en }) => en).join("; "), zh: words.map(({ zh }) => zh).join("；") };
}
