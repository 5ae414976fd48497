import * as z from "zod";
import { strict } from "../../recording/strict.ts";
import type { RunOptions } from "../run.ts";
import {
  areSomeWords,
  areWords,
  call,
  fromOne,
  isWord,
  refuseArguments,
  saying,
  signal,
  watch,
  word,
} from "./argument.ts";

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
    watch: watch.optional(),
    signal: signal.optional(),
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
  refuseArguments("run", runSchema, { what, options });
}

/** Throws a UsageError with a sentence for each argument of `judge` that it cannot take. */
export function checkJudge(recordings: unknown, files: unknown, onUnread: unknown): void {
  refuseArguments("judge", judgeSchema, { recordings, files, onUnread });
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
