import type { Answer } from "../model/expectation.ts";
import type { Recording } from "../model/recording.ts";
import type { SampleKind } from "../model/sample.ts";
import type { Text } from "../model/text.ts";
import type { Bound } from "../verdict/vocabulary/bound.ts";
import { answer } from "../verdict/vocabulary/claim.ts";
import { figure } from "../verdict/vocabulary/wording.ts";
import { type Figure, type Reading, shownInWords, valueInWords } from "../verdict/vocabulary/figure.ts";
import type { Question } from "./claim.ts";

/** A question to one of a circumstance's recordings, by its place from 0. */
export function at(nth: number, question: Question): Question {
  return {
    needs: question.needs,
    test: (...recordings) => {
      const { holds, observed, zh = observed } = briefly(question, [recordings[nth]!]);
      const { variant } = recordings[nth]!.header;
      return answer(holds, { en: `${observed} (${variant})`, zh: `${zh}（${variant}）` });
    },
  };
}

/** An answer in the question's short form, if it has one and the answer is not inconclusive. */
export function briefly(question: Question, recordings: Recording[]): Answer {
  const { holds, observed, zh } = question.test(...recordings);
  const [first] = recordings;
  if (holds === null || first === undefined || question.brief === undefined) {
    return { holds, observed, ...(zh !== undefined && { zh }) };
  }
  return answer(holds, question.brief(first));
}

/** That the first figure exceeds the second by this much: both of one recording, or one each of two recordings. */
export function difference(one: Figure, other: Figure, bound: Bound): Question {
  return compared(one, other, (a, b) => bound.holds(a - b), true);
}

/** That the first figure is this multiple of the second, which must not be 0. */
export function ratio(one: Figure, other: Figure, bound: Bound): Question {
  return compared(one, other, (a, b) => (b === 0 ? null : bound.holds(a / b)), false);
}

/** That a figure is this share of all the things of which it counts some. */
export function share(one: Figure, bound: Bound): Question {
  return {
    needs: one.needs,
    test: (...recordings) => {
      const [here] = recordings;
      const [some, all] = [valueOf(one, here), here === undefined ? null : (one.outOf?.(here) ?? null)];
      const isKnown = some !== null && all !== null && all > 0;
      return answer(
        isKnown ? bound.holds(some / all) : null,
        here === undefined ? UNKNOWN : shownInWords(one, here),
      );
    },
  };
}

/**
 * That a figure is this multiple of a rate times seconds. The seconds are a number, or a figure of the second recording.
 */
export function asMany(one: Figure, rate: Figure, seconds: Figure | number, bound: Bound): Question {
  const ofTime = typeof seconds === "number" ? [] : seconds.needs;
  return {
    needs: [...new Set([...one.needs, ...rate.needs, ...ofTime])],
    test: (...recordings) => {
      const [here, there] = recordings;
      const [count, each] = [valueOf(one, here), valueOf(rate, here)];
      const time = typeof seconds === "number" ? seconds : valueOf(seconds, there);
      if (here === undefined || count === null || each === null || time === null)
        return answer(null, UNKNOWN);
      const wanted = Math.round(each * time);
      const [counted, rated] = [shownInWords(one, here), shownInWords(rate, here)];
      return answer(bound.holds(count / (each * time)), {
        en: `${counted.en}; ${rated.en}, which makes ${wanted} in ${figure(time)} s`,
        zh: `${counted.zh}；${rated.zh}，${figure(time)} s 即 ${wanted}`,
      });
    },
  };
}

/** That the maximum of a figure over all recordings, or the difference between maximum and minimum, lies within a bound. */
export function across(how: "most" | "spread", one: Figure, bound: Bound): Question {
  return {
    needs: one.needs,
    test: (...recordings) => {
      const values = recordings.map((recording) => one.of(recording));
      const known = values.filter((value) => value !== null);
      const most = Math.max(...known);
      const holds = known.length > 0 && bound.holds(how === "most" ? most : most - Math.min(...known));
      const isOpen = !holds && known.length < values.length;
      return answer(isOpen ? null : holds, byVariant(one, recordings));
    },
  };
}

const UNKNOWN: Text = { en: "?", zh: "?" };

/** That a reading is the same in two recordings. */
export function alike(one: Reading): Question {
  return {
    needs: one.needs,
    test: (...recordings) => {
      const [first, second] = recordings.map((recording) => one.of(recording));
      const isKnown = typeof first === "string" && typeof second === "string";
      return answer(isKnown ? first === second : null, byVariant(one, recordings));
    },
  };
}

/** A question that means something only if a premise holds. If the premise fails, the answer is inconclusive. */
export function given(premise: Question, question: Question): Question {
  return both(premise, question, (first, second) => (first === true ? second : null));
}

/** A premise alone. If it fails, the answer is inconclusive. */
export function premise(question: Question): Question {
  return given(question, question);
}

/** That at least one of two questions holds. */
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
      const answers = [one, other].map((question) => briefly(question, recordings));
      const holds = decide(answers[0]?.holds ?? null, answers.at(-1)?.holds ?? null);
      return answer(holds, joined(answers));
    },
  };
}

/** Each answer once. An answer that is part of another answer is left out. */
function joined(answers: Pick<Answer, "observed" | "zh">[]): Text {
  const distinct = answers.filter(
    ({ observed }, nth) =>
      !answers.some((other, place) =>
        other.observed === observed ? place < nth : other.observed.includes(observed),
      ),
  );
  return {
    en: distinct.map(({ observed }) => observed).join("; "),
    zh: distinct.map(({ observed, zh }) => zh ?? observed).join("；"),
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
      if (here === undefined || there === undefined) return answer(null, UNKNOWN);
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

/** Two figures side by side: with the same name, by their variants; otherwise by their names. */
function sideBySide(...sides: { one: Figure; here: Recording }[]): Text {
  const [first] = sides;
  const recordings = sides.map(({ here }) => here);
  const areTwo = new Set(recordings.map(({ header }) => header.variant)).size > 1;
  if (first !== undefined && areTwo && sides.every(({ one }) => one.name.en === first.one.name.en)) {
    return byVariant(first.one, recordings);
  }
  const words = sides.map(({ one, here }) => shownInWords(one, here));
  return { en: words.map(({ en }) => en).join("; "), zh: words.map(({ zh }) => zh).join("；") };
}

/** One figure of several recordings: `segments: 823 (page-short), 187 (page-kept)`. */
function byVariant(one: Figure | Reading, recordings: Recording[]): Text {
  const each = recordings.map((recording) => ({
    value: valueInWords(one, recording),
    variant: recording.header.variant,
  }));
  return {
    en: `${one.name.en}: ${each.map(({ value, variant }) => `${value.en} (${variant})`).join(", ")}`,
    zh: `${one.name.zh}：${each.map(({ value, variant }) => `${value.zh}（${variant}）`).join("，")}`,
  };
}
