import * as z from "zod";
import { complaints } from "../../recording/complaint.ts";
import { strict } from "../../recording/strict.ts";
import { shown as shownAlone } from "../../model/shown.ts";
import { UsageError } from "../errors.ts";
import type { RunOptions } from "../run.ts";

// The arguments of the published functions as schemas. Other programs call them, and not every caller is TypeScript.

/** A value; in a list, each of them: JSON would print an absent one as null. */
const shown = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map((one) => shownAlone(one)).join(", ")}]` : shownAlone(value);
const saying = (what: string, holds: (value: unknown) => boolean) =>
  z.custom<unknown>(holds, { error: ({ input }) => `expected ${what}, but it is ${shown(input)}` });

const isWord = (value: unknown): boolean => typeof value === "string" && value !== "";
const areWords = (value: unknown): boolean => Array.isArray(value) && value.every(isWord);
const areSomeWords = (value: unknown): boolean => areWords(value) && (value as unknown[]).length > 0;
const isFunction = (value: unknown): boolean => typeof value === "function";

const word = saying("a text", isWord);
const fromOne = saying(
  "a whole number from 1 on",
  (value) => Number.isSafeInteger(value) && Number(value) >= 1,
);
const call = saying("a function", isFunction);

const runSchema = strict({
  what: saying(
    "an id, a glob or a file, a list of some of these, or an experiment",
    (value) => typeof value === "string" || areSomeWords(value) || isObject(value),
  ).optional(),
  options: strict({
    baseDir: word.optional(),
    out: word.optional(),
    jobs: fromOne.optional(),
    repeat: fromOne.optional(),
    pcap: z.boolean().optional(),
    variant: saying(
      "the name of a variant, or a list of names",
      (value) => isWord(value) || areWords(value),
    ).optional(),
    watch: z.looseObject({ planned: call, begin: call, tell: call, end: call, say: call }).optional(),
    signal: saying("an AbortSignal", (value) => value instanceof AbortSignal).optional(),
  } satisfies Record<keyof RunOptions, z.ZodType>),
});

const judgeSchema = strict({
  recordings: saying(
    "a list of the paths of recordings",
    (value) => Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string"),
  ),
  files: saying("a list of experiment files", areWords),
  onUnread: call.optional(),
});

/** Throws a UsageError with a sentence for each argument of `run` that it cannot take. */
export function checkRun(what: unknown, options: unknown): void {
  check("run", runSchema, { what, options });
}

/** Throws a UsageError with a sentence for each argument of `judge` that it cannot take. */
export function checkJudge(recordings: unknown, files: unknown, onUnread: unknown): void {
  check("judge", judgeSchema, { recordings, files, onUnread });
}

function check(name: string, schema: z.ZodType, given: unknown): void {
  const parsed = schema.safeParse(given, { reportInput: true });
  if (parsed.success) return;
  const problems = complaints(parsed.error).map((problem) => `  ${problem}`);
  throw new UsageError(`${name}() cannot take these arguments:\n${problems.join("\n")}`);
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
