import type { Evidence } from "../../measure/evidence.ts";
import type { Answer, Expectation } from "../../model/expectation.ts";
import type { HostName } from "../../model/names.ts";
import type { SampleKind } from "../../model/sample.ts";
import type { Recording } from "../../model/recording.ts";
import type { Text } from "../../model/text.ts";
import { type Figure, type Reading, shownInWords } from "./figure.ts";
import { spaced } from "./wording-zh.ts";

/** An expectation that still wants its reason: `socketsAtEndOf("drain", ..., exactly(97)).because("the server ...")`. */
export interface Claim<E> extends Omit<Expectation<E>, "because"> {
  /** Why the kernel makes it so; the experiment says that, in a sentence. */
  because: (reason: string) => Expectation<E>;
  /** What it is about, and how that was measured or read, in a few words: for who shows no claim beside it. */
  brief?: (recording: Recording) => Text;
}

/** What a claim of the vocabulary has besides its sentence, its needs and its test. */
interface Details<E> {
  /** Where a look that was not made could have refuted it. */
  ofEveryLook?: Expectation<E>["ofEveryLook"] | null;
  /** Where it can be refuted for want of sockets. */
  nearest?: Expectation<E>["nearest"] | null;
  /** The figure that it bounds, or the words that it reads. */
  about?: Figure | Reading;
}

/** A claim, the kinds of samples that it cannot do without, and how it is tested. A sentence that is a string is in English alone. */
export function claim<E extends Evidence>(
  sentence: string | Text,
  needs: SampleKind[],
  test: (evidence: E) => Answer,
  { ofEveryLook = null, nearest = null, about }: Details<E> = {},
): Claim<E> {
  const asked = {
    ...(typeof sentence === "string" ? { claim: sentence } : { claim: sentence.en, zh: spaced(sentence.zh) }),
    needs,
    test,
    ...(ofEveryLook !== null && { ofEveryLook }),
    ...(nearest !== null && { nearest }),
  };
  const brief =
    about === undefined ? {} : { brief: (recording: Recording) => shownInWords(about, recording) };
  return { ...asked, ...brief, because: (reason) => ({ ...asked, because: reason }) };
}

/** An answer in both languages. */
export function answer(holds: boolean | null, { en, zh }: Text): Answer {
  return { holds, observed: en, zh: spaced(zh) };
}

/** The looks at a host, or at all, that a claim is about which holds of every one of them. */
export function everyLook(
  kind: NonNullable<Expectation<never>["ofEveryLook"]>["kind"],
  { host }: { host?: HostName | undefined },
): NonNullable<Expectation<never>["ofEveryLook"]> {
  return { kind, ...(host !== undefined && { host }) };
}
