import type { Evidence } from "../measure/evidence.ts";
import type { Answer, Expectation } from "../model/expectation.ts";
import type { HostName } from "../model/names.ts";
import type { SampleKind } from "../model/sample.ts";
import type { Text } from "../model/text.ts";

/** An expectation that still wants its reason: `socketsAtEndOf("drain", ..., exactly(97)).because("the server ...")`. */
export interface Claim<E> extends Omit<Expectation<E>, "because"> {
  /** Why the kernel makes it so; the experiment says that, in a sentence. */
  because: (reason: string) => Expectation<E>;
}

/**
 * A claim, the kinds of samples that it cannot do without, and how it is tested. A sentence that is a string is in English alone.
 * `ofEveryLook` where a look that was not made could have refuted it.
 */
export function claim<E extends Evidence>(
  sentence: string | Text,
  needs: SampleKind[],
  test: (evidence: E) => Answer,
  ofEveryLook: Expectation<E>["ofEveryLook"] | null = null,
): Claim<E> {
  const asked = {
    ...(typeof sentence === "string" ? { claim: sentence } : { claim: sentence.en, zh: sentence.zh }),
    needs,
    test,
    ...(ofEveryLook !== null && ofEveryLook !== undefined && { ofEveryLook }),
  };
  return { ...asked, because: (reason) => ({ ...asked, because: reason }) };
}

/** An answer in both languages. */
export function answer(holds: boolean | null, { en, zh }: Text): Answer {
  return { holds, observed: en, zh };
}

/** The looks at a host, or at all, that a claim is about which holds of every one of them. */
export function everyLook(
  kind: NonNullable<Expectation<never>["ofEveryLook"]>["kind"],
  { host }: { host?: HostName | undefined },
): NonNullable<Expectation<never>["ofEveryLook"]> {
  return { kind, ...(host !== undefined && { host }) };
}
