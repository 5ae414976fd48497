import { strict } from "../recording/strict.ts";
import {
  areSomeWords,
  areWords,
  refuseArguments,
  saying,
  secondsUpTo,
  signal,
  wholeFromTo,
  word,
} from "../runs/check/argument.ts";
import { MOST_AT } from "./order.ts";
import type { ExecRunOptions } from "./own-client.ts";

/** The longest run of a command, in seconds. */
export const LONGEST_SECONDS = 3_600;

const seconds = secondsUpTo(LONGEST_SECONDS);

const execSchema = strict({
  command: saying("the words of a command, in a list", areSomeWords),
  options: strict({
    server: word.optional(),
    at: wholeFromTo(0, MOST_AT).optional(),
    serve: word.optional(),
    port: wholeFromTo(1, 65_535).optional(),
    wire: saying("a list of words as delay=50ms", areWords).optional(),
    cwd: word.optional(),
    timeout: seconds.optional(),
    readyWithin: seconds.optional(),
    out: word.optional(),
    signal: signal.optional(),
  } satisfies Record<keyof ExecRunOptions, object>),
});

/** Throws a UsageError with a sentence for each argument of `exec` that it cannot take. */
export function checkExec(command: unknown, options: unknown): void {
  refuseArguments("exec", execSchema, { command, options });
}
