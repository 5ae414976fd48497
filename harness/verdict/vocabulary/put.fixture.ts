import type { Evidence } from "../../measure/evidence.ts";
import type { Claim } from "./claim.ts";

/** For tests: tests a claim on some evidence, and returns its sentence, whether it holds, and what was observed. */
export function put<E extends Evidence>(
  claim: Claim<E>,
  evidence: E,
): [claim: string, holds: boolean | null, observed: string] {
  const expectation = claim.because("it is so");
  const { holds, observed } = expectation.test(evidence);
  return [expectation.claim, holds, observed];
}
