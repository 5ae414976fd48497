import { expect, test } from "vitest";
import { TargetRefused, unresolved } from "../load/live/resolve.ts";
import { UnavailableError, UsageError } from "../runs/errors.ts";
import { targetError } from "./target-error.ts";

test("a target that is foreign or does not exist is wrong usage; a resolver that does not answer is missing", () => {
  expect(targetError(new TargetRefused("foreign", "not ours"))).toBeInstanceOf(UsageError);
  expect(targetError(unresolved("shop.example", "ENOTFOUND"))).toBeInstanceOf(UsageError);
  expect(targetError(unresolved("shop.example", "EAI_AGAIN"))).toBeInstanceOf(UnavailableError);
  expect(targetError(unresolved("shop.example", "EAI_FAIL"))).toBeInstanceOf(UnavailableError);
});
