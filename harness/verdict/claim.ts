import type { Evidence } from "../measure/evidence.ts";
import type { Answer, Expectation } from "../model/expectation.ts";
import type { SampleKind } from "../model/sample.ts";

/** An expectation that still wants its reason: `socketsAtEndOf("drain", ..., exactly(97)).because("the server ...")`. */
export interface Claim<E> {
  /** Why the kernel makes it so; the experiment says that, in a sentence. */
  because: (reason: string) => Expectation<E>;
}

/** A claim, the kinds of samples that it cannot do without, and how it is tested. */
export function claim<E extends Evidence>(
  sentence: string,
  needs: SampleKind[],
  test: (evidence: E) => Answer,
): Claim<E> {
  return { because: (reason) => ({ claim: sentence, because: reason, needs, test }) };
}
