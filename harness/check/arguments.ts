import * as z from "zod";
import { readText } from "../load/step-text.ts";
import { strict } from "../recording/strict.ts";
import {
  areSomeWords,
  areWords,
  fromOne,
  refuseArguments,
  saying,
  secondsUpTo,
  signal,
  watch,
  wholeFromTo,
  word,
} from "../runs/check/argument.ts";
import type { CheckOptions, TargetOptions } from "./options.ts";

/** The longest time that an option of a check takes, in seconds: a check ends. */
export const LONGEST_SECONDS = 3600;
/** The most connections of a probe: more than twice would use up the ports of the client's host. */
export const MOST_CONNECTIONS = 20_000;
export const MOST_REUSES = 100_000;

const seconds = secondsUpTo(LONGEST_SECONDS);
const upTo = (most: number) => wholeFromTo(1, most);

const target = {
  port: upTo(65_535).optional(),
  ready: word.optional(),
  env: saying("an object of texts by name", areVariables).optional(),
  cwd: word.optional(),
  request: word.optional(),
  raw: saying("the bytes of a request, with the escapes \\r, \\n and \\xNN", isStepText).optional(),
  tls: z.boolean().optional(),
  patience: seconds.optional(),
  connections: upTo(MOST_CONNECTIONS).optional(),
  reuses: upTo(MOST_REUSES).optional(),
  answerWithin: seconds.optional(),
  readyWithin: seconds.optional(),
} satisfies Record<keyof TargetOptions, z.ZodType>;

const command = saying("the words of a command, in a list", areSomeWords);

/** The command and the options of a target, as they are kept for `--replay`. */
export const targetSchema = strict({ command, options: strict(target) });

const options = {
  ...target,
  probes: saying("a list of the ids of probes", areWords).optional(),
  out: word.optional(),
  jobs: fromOne.optional(),
  watch: watch.optional(),
  signal: signal.optional(),
} satisfies Record<keyof CheckOptions, z.ZodType>;

const checkSchema = strict({ command, options: strict(options) });

/** Throws a UsageError with a sentence for each argument of `check` that it cannot take. */
export function checkCheck(given: { command: unknown; options: unknown }): void {
  refuseArguments("check", checkSchema, given);
}

function areVariables(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(
    ([name, text]) => /^[^=\0]+$/.test(name) && typeof text === "string" && !text.includes("\0"),
  );
}

function isStepText(value: unknown): boolean {
  if (typeof value !== "string" || value === "") return false;
  try {
    readText(value);
    return true;
  } catch {
    return false;
  }
}
