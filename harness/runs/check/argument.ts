import * as z from "zod";
import { shown as shownAlone } from "../../model/shown.ts";
import { complaints } from "../../recording/complaint.ts";
import { UsageError } from "../errors.ts";

// The arguments of the published functions as schemas. Other programs call them, and not every caller is TypeScript.

/** A value; in a list, each of them: JSON would print an absent one as null. */
const shown = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map((one) => shownAlone(one)).join(", ")}]` : shownAlone(value);

/** A schema of the values for which `holds` is true. `what` completes "expected ...". */
export const saying = (what: string, holds: (value: unknown) => boolean) =>
  z.custom<unknown>(holds, { error: ({ input }) => `expected ${what}, but it is ${shown(input)}` });

/** Whether a value is a text that is not empty. */
export const isWord = (value: unknown): boolean => typeof value === "string" && value !== "";
/** Whether a value is a list of texts that are not empty. */
export const areWords = (value: unknown): boolean => Array.isArray(value) && value.every(isWord);
/** Whether a value is such a list, with something in it. */
export const areSomeWords = (value: unknown): boolean => areWords(value) && (value as unknown[]).length > 0;

export const word = saying("a text", isWord);
export const fromOne = saying(
  "a whole number from 1 on",
  (value) => Number.isSafeInteger(value) && Number(value) >= 1,
);
/** A whole number, both bounds included. */
export const wholeFromTo = (least: number, most: number) =>
  saying(
    `a whole number from ${least} to ${most}`,
    (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
  );
/** Seconds, whole or not, more than 0. */
export const secondsUpTo = (most: number) =>
  saying(
    `seconds, more than 0 and at most ${most}`,
    (value) => typeof value === "number" && value > 0 && value <= most,
  );
export const call = saying("a function", (value) => typeof value === "function");
export const watch = z.looseObject({ planned: call, begin: call, tell: call, end: call, say: call });
export const signal = saying("an AbortSignal", (value) => value instanceof AbortSignal);

/** Throws a UsageError with a sentence for each argument of the function `name` that its schema does not take. */
export function refuseArguments(name: string, schema: z.ZodType, given: unknown): void {
  const parsed = schema.safeParse(given, { reportInput: true });
  if (parsed.success) return;
  const problems = complaints(parsed.error).map((problem) => `  ${problem}`);
  throw new UsageError(`${name}() cannot take these arguments:\n${problems.join("\n")}`);
}
