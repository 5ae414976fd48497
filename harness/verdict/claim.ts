import type { Evidence } from "../measure/evidence.ts";
import type { Answer, Expectation } from "../model/expectation.ts";
import type { HostName } from "../model/names.ts";
import type { SampleKind } from "../model/sample.ts";

/** An expectation that still wants its reason: `socketsAtEndOf("drain", ..., exactly(97)).because("the server ...")`. */
export interface Claim<E> {
  /** Why the kernel makes it so; the experiment says that, in a sentence. */
  because: (reason: string) => Expectation<E>;
}

/** A claim, the kinds of samples that it cannot do without, and how it is tested. `ofEveryLook` where a look that was not made could have refuted it; `nearest` where it can be refuted for want of sockets. */
export function claim<E extends Evidence>(
  sentence: string,
  needs: SampleKind[],
  test: (evidence: E) => Answer,
  ofEveryLook: Expectation<E>["ofEveryLook"] | null = null,
  nearest: Expectation<E>["nearest"] | null = null,
): Claim<E> {
  return {
    because: (reason) => ({
      claim: sentence,
      because: reason,
      needs,
      test,
      ...(ofEveryLook !== null && ofEveryLook !== undefined && { ofEveryLook }),
      ...(nearest !== null && nearest !== undefined && { nearest }),
    }),
  };
}

/** The looks at a host, or at all, that a claim is about which holds of every one of them. */
export function everyLook(
  kind: NonNullable<Expectation<never>["ofEveryLook"]>["kind"],
  { host }: { host?: HostName | undefined },
): NonNullable<Expectation<never>["ofEveryLook"]> {
  return { kind, ...(host !== undefined && { host }) };
}
