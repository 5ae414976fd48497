import type { Evidence } from "../../measure/evidence.ts";
import type { Answer, Expectation, Given } from "../../model/expectation.ts";
import type { MeteredCondition } from "../../model/metered.ts";
import type { HostName } from "../../model/names.ts";
import type { SampleKind } from "../../model/sample.ts";
import type { Recording } from "../../model/recording.ts";
import type { Text } from "../../model/text.ts";
import { type Figure, type Reading, shownInWords } from "./figure.ts";
import { spaced } from "./wording-zh.ts";

/** An expectation without its reason yet: `socketsAtEndOf("drain", ..., exactly(97)).because("the server ...")`. */
export interface Claim<E> extends Omit<Expectation<E>, "because"> {
  /** Adds the reason why the kernel behaves so: a sentence that the experiment gives. */
  because: (reason: string) => Expectation<E>;
  /** What the claim is about and its value, in a few words: for an output that does not show the claim itself. */
  brief?: (recording: Recording) => Text;
}

/** The optional parts of a claim of the vocabulary. */
interface Details<E> {
  /** Set when a sample that was not taken could have refuted the claim. */
  ofEveryLook?: Expectation<E>["ofEveryLook"] | null;
  /** Set when missing sockets, or refused clients, can refute the claim. */
  nearest?: Expectation<E>["nearest"] | null;
  /** The figure that it bounds, or the words that it reads. */
  about?: Figure | Reading;
  /** What it was made from, which is checked before a trial. */
  given?: Given;
  /** The condition on figures that a monitoring system keeps that it is. */
  metered?: MeteredCondition;
}

/** A claim, the kinds of samples that it needs, and its test. A sentence given as a string is only in English. */
export function claim<E extends Evidence>(
  sentence: string | Text,
  needs: SampleKind[],
  test: (evidence: E) => Answer,
  { ofEveryLook = null, nearest = null, about, given, metered }: Details<E> = {},
): Claim<E> {
  const asked = {
    ...(typeof sentence === "string" ? { claim: sentence } : { claim: sentence.en, zh: spaced(sentence.zh) }),
    needs,
    test,
    ...(ofEveryLook !== null && { ofEveryLook }),
    ...(nearest !== null && { nearest }),
    ...(given !== undefined && { given }),
    ...(metered !== undefined && { metered: { condition: metered, test } }),
  };
  const brief =
    about === undefined ? {} : { brief: (recording: Recording) => shownInWords(about, recording) };
  return { ...asked, ...brief, because: (reason) => ({ ...asked, because: reason }) };
}

/** An answer in both languages. */
export function answer(holds: boolean | null, { en, zh }: Text): Answer {
  return { holds, observed: en, zh: spaced(zh) };
}

/** For a claim about every sample: the samples of one host, or those of all hosts. */
export function everyLook(
  kind: NonNullable<Expectation<never>["ofEveryLook"]>["kind"],
  { host }: { host?: HostName | undefined },
): Omit<NonNullable<Expectation<never>["ofEveryLook"]>, "within"> {
  return { kind, ...(host !== undefined && { host }) };
}
