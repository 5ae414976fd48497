import { type Evidence, samplesOf } from "../measure/evidence.ts";
import { Unread } from "../measure/unread.ts";
import { shown } from "../model/shown.ts";
import type { Answer, Expectation } from "../model/expectation.ts";

/** A test that gave no answer. The message goes on after "the test of this claim". */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/**
 * What a claim's test answers. It is inconclusive, and says why, when a kind of sample that the claim needs was not recorded, and when the
 * test throws or returns something else than an answer: an experiment file need not be TypeScript.
 */
export function answerOf<E extends Evidence>(expectation: Expectation<E>, evidence: E): Answer {
  const missing = expectation.needs.filter((kind) => samplesOf(evidence, kind).length === 0);
  if (missing.length > 0) {
    return { holds: null, observed: `no ${missing.join(" and no ")} sample was recorded`, lacks: missing };
  }
  try {
    return checked(expectation.test(evidence));
  } catch (error) {
    if (error instanceof Unread) return { holds: null, observed: error.message, lacks: error.columns };
    return { holds: null, observed: `the test of this claim ${whyNone(error)}` };
  }
}

function whyNone(error: unknown): string {
  if (error instanceof NoAnswer) return error.message;
  return `threw an error: ${error instanceof Error ? error.message : String(error)}`;
}

function checked(given: unknown): Answer {
  if (given instanceof Promise) {
    // Nobody waits for it: when it fails later, that is no further error.
    given.catch(() => {});
    throw new NoAnswer("is async: a test returns { holds, observed } at once");
  }
  const { holds, observed } = Object(given) as Partial<Record<keyof Answer, unknown>>;
  if ((typeof holds === "boolean" || holds === null) && typeof observed === "string") return given as Answer;
  throw new NoAnswer(
    `returned ${shown(given)}, not { holds, observed } with true, false or null and a sentence`,
  );
}
