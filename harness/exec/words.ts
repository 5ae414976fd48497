import { UsageError } from "../runs/errors.ts";

/** One word of a command line: pieces in quotes, and pieces without. */
const WORD = /(?:[^\s'"\\]|'[^']*'|"(?:[^"\\]|\\.)*"|\\.)+/gs;

/**
 * The words of a command that is given as one text, as a POSIX shell divides it: at blanks, with quotes and backslashes, and without anything
 * else that a shell does. Throws a UsageError for an empty text and for a quote without its end.
 */
export function wordsOf(text: string): [string, ...string[]] {
  const words = (text.match(WORD) ?? []).map(unquoted);
  const rest = text.replaceAll(WORD, "").trim();
  const [first, ...others] = words;
  if (rest !== "") throw new UsageError(`A quote in ${JSON.stringify(text)} has no end.`);
  if (first === undefined || first === "") throw new UsageError("--serve takes the command of a server.");
  return [first, ...others];
}

function unquoted(word: string): string {
  return word.replaceAll(/'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs, (_, single, double, escaped) => {
    if (typeof single === "string") return single;
    return typeof double === "string" ? double.replaceAll(/\\(["\\$`])/g, "$1") : String(escaped);
  });
}
