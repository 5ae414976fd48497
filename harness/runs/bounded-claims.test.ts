import { expect, test } from "vitest";
import { handMade, plainFact, plainVariant } from "../recording/hand-made.fixture.ts";
import { judgeVariant } from "../verdict/judge.ts";
import type { Answer } from "../model/expectation.ts";
import { withBoundedClaims } from "./bounded-claims.ts";

/** What is observed for a claim with that test. */
function observed(own: () => Answer): string | undefined {
  const fact = plainFact({ short: plainVariant([{ claim: "c", because: "b", needs: [], test: own }]) });
  return judgeVariant(withBoundedClaims(fact, 200), "short", handMade([])).findings[0]?.observed;
}

test("a claim that answers, answers as before", () => {
  expect(observed(() => ({ holds: true, observed: "o" }))).toBe("o");
});

test("a claim that never ends is ended, and gives no answer", () => {
  const forever = (): never => {
    for (;;);
  };
  expect(observed(forever)).toBe("the test of this claim did not end within 0.2 s, and was ended");
});

test("a claim that ends the process does not, and process.exit() is as before afterwards", () => {
  const before = Object.getOwnPropertyDescriptor(process, "exit");
  // oxlint-disable-next-line unicorn/no-process-exit -- what a user's own claim could call
  expect(observed(() => process.exit(0))).toBe(
    "the test of this claim called process.exit(0): leave that call out",
  );
  expect(Object.getOwnPropertyDescriptor(process, "exit")).toEqual(before);
});
