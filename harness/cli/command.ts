import { parseArgs, type ParseArgsConfig } from "node:util";
import type { Language } from "../model/text.ts";
import { UsageError } from "../runs/errors.ts";
import type { Terminal } from "./terminal.ts";

/** One command of the command line. */
export interface Command {
  /** The help text: what the command does, its options, and examples at the end. */
  help: string;
  /** Takes the words after the command's name; returns the exit code. */
  run: (args: string[], terminal: Terminal) => Promise<number>;
}

type Options = NonNullable<ParseArgsConfig["options"]>;
type Parsed<T extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>
>;

/** parseArgs (node:util) that throws UsageError: an unknown option is wrong usage, exit 64. */
export function parseOptions<T extends Options>(args: string[], options: T): Parsed<T> {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    const [what = ""] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw new UsageError(`${what}.`);
  }
}

/** parseOptions for a command that takes only options: any other word is wrong usage. */
export function parseOptionsOnly<T extends Options>(args: string[], options: T): Parsed<T> {
  const parsed = parseOptions(args, options);
  const [word] = parsed.positionals;
  if (word !== undefined) throw new UsageError(`This command takes only options, and "${word}" is not one.`);
  return parsed;
}

/** The whole number in an option's text, between `least` and `most`. Throws UsageError. */
export function wholeNumber(text: string, option: string, least: number, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most) {
    throw new UsageError(`${option} takes a whole number from ${least} to ${most}, not "${text}".`);
  }
  return number;
}

/** The language that --lang names. Throws UsageError. */
export function languageOf(word: string): Language {
  if (word === "en" || word === "zh") return word;
  throw new UsageError(`--lang takes en or zh, not "${word}".`);
}
