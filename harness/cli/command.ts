import { parseArgs, type ParseArgsConfig } from "node:util";
import type { Language } from "../model/text.ts";
import { nearest } from "../recording/suggest.ts";
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

/** Other names of options. One name is in the help of all commands; the others are understood. */
const SYNONYMS: Record<string, string> = {
  repetitions: "repeat",
  seconds: "duration",
  requests: "requests-per-connection",
};

/** Options that mean nothing without another one: `{ jobs: "run" }`. */
type Needs<T extends Options> = { [Name in keyof T]?: keyof T & string };

/**
 * parseArgs (node:util) that throws UsageError, exit 64, for an unknown option, with the nearest known one, for an option that is given
 * twice and takes one value, and for an option without the one that it needs.
 */
export function parseOptions<T extends Options>(args: string[], options: T, needs: Needs<T> = {}): Parsed<T> {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const named = args.map((word, nth) => (nth < end ? withOneName(word, options) : word));
  const words = withNegatives(named.slice(0, end), options).concat(named.slice(end));
  try {
    const { tokens, ...parsed } = parseArgs({
      args: words,
      options,
      allowPositionals: true,
      strict: true,
      tokens: true,
    });
    refuseRepeated(tokens, options);
    refuseWithout(tokens, needs);
    return parsed;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(lackingValue(words, error) ?? refusedBy(error) + meant(words, error, options));
  }
}

/** `--seconds=2` as `--duration=2`, for a command that has --duration and not --seconds. Any other word is unchanged. */
function withOneName(word: string, options: Options): string {
  const [, name = "", value = ""] = /^--([\w-]+)(=.*)?$/s.exec(word) ?? [];
  const known = Object.hasOwn(SYNONYMS, name) ? SYNONYMS[name] : undefined;
  return known === undefined || name in options || !(known in options) ? word : `--${known}${value}`;
}

/** `--duration -1` as `--duration=-1`: parseArgs takes no value that begins with a hyphen, and a number is no option. */
function withNegatives(words: string[], options: Options): string[] {
  return words.flatMap((word, nth) => {
    const [before = "", after = ""] = [words[nth - 1], words[nth + 1]];
    if (takesValue(before, options) && isNegative(word)) return [];
    return takesValue(word, options) && isNegative(after) ? [`${word}=${after}`] : [word];
  });
}

function takesValue(word: string, options: Options): boolean {
  return word.startsWith("--") && options[word.slice("--".length)]?.type === "string";
}

function isNegative(word: string): boolean {
  return /^-[\d.]/.test(word);
}

/** The sentence on an option whose value is missing, or begins with a hyphen as options do; null for any other error. */
function lackingValue(words: string[], error: unknown): string | null {
  const { code, message } = error as NodeJS.ErrnoException;
  const [, name] = /'(--[\w-]+)/.exec(message) ?? [];
  if (code !== "ERR_PARSE_ARGS_INVALID_OPTION_VALUE" || name === undefined) return null;
  const value = words[words.indexOf(name) + 1];
  if (message.includes("does not take an argument")) return `${name} takes no value.`;
  if (value === undefined) return `${name} takes a value, and none follows it.`;
  return `${name} takes a value, and ${value} follows it. If that is the value, write ${name}=${value}.`;
}

/** The first sentence of Node's message. */
function refusedBy(error: unknown): string {
  const [what = ""] = (error instanceof Error ? error.message : String(error)).split(". ");
  return `${what}.`;
}

/** What to write instead of an option that parseArgs refused: the nearest option, and where all are listed. */
function meant(words: string[], error: unknown, options: Options): string {
  if ((error as NodeJS.ErrnoException).code !== "ERR_PARSE_ARGS_UNKNOWN_OPTION") return "";
  const word = words.find((one) => /^-[^-]/.test(one) || isUnknown(one, options)) ?? "";
  const name = word.replace(/^-+/, "").split("=")[0] ?? "";
  const names = [...Object.keys(options), "help"];
  const synonyms = Object.keys(SYNONYMS).filter((one) => (SYNONYMS[one] ?? "") in options);
  const initial = names.filter((one) => name.length === 1 && one.startsWith(name));
  const near = initial.length === 1 ? initial[0] : nearest(name, [...names, ...synonyms]);
  const hint = near === undefined ? "" : ` Did you mean --${SYNONYMS[near] ?? near}?`;
  return `${hint} --help lists the options.`;
}

function isUnknown(word: string, options: Options): boolean {
  const [, name] = /^--([^=]+)/.exec(word) ?? [];
  return name !== undefined && !Object.hasOwn(options, name);
}

interface Token {
  kind: string;
  name?: string;
}

/** The last value would win in silence: a user who writes an option twice means both. */
function refuseRepeated(tokens: Token[], options: Options): void {
  const names = tokens.flatMap(({ kind, name }) => (kind === "option" && name !== undefined ? [name] : []));
  const twice = names.find(
    (name, nth) =>
      names.indexOf(name) < nth && options[name]?.type === "string" && options[name].multiple !== true,
  );
  if (twice !== undefined) throw new UsageError(`--${twice} was given more than once, and takes one value.`);
}

/** An option that has no effect would be passed over in silence. */
function refuseWithout(tokens: Token[], needs: Record<string, string | undefined>): void {
  const given = new Set(tokens.flatMap(({ kind, name }) => (kind === "option" ? (name ?? []) : [])));
  for (const name of given) {
    const need = Object.hasOwn(needs, name) ? needs[name] : undefined;
    if (need !== undefined && !given.has(need))
      throw new UsageError(`--${name} means nothing without --${need}.`);
  }
}

/** parseOptions for a command that takes only options: any other word is wrong usage. */
export function parseOptionsOnly<T extends Options>(
  args: string[],
  options: T,
  needs: Needs<T> = {},
): Parsed<T> {
  const parsed = parseOptions(args, options, needs);
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

/** A number with or without a decimal point (`2`, `0.5`, `.5`), with so many digits after it at most; NaN when it is none. */
export function decimal(text: string, places: number): number {
  const [, fraction = ""] = text.split(".");
  return /^(?:\d{1,9}|\d{0,9}\.\d+)$/.test(text) && fraction.length <= places ? Number(text) : Number.NaN;
}

/** The seconds in an option's text, more than 0 and at most `most`, to the millisecond. Throws UsageError. */
export function seconds(text: string, option: string, most: number): number {
  const number = decimal(text, 3);
  if (number > 0 && number <= most) return number;
  throw new UsageError(`${option} takes seconds, as 2 or 0.5, up to ${most}, not ${JSON.stringify(text)}.`);
}

/** The language that --lang names. Throws UsageError. */
export function languageOf(word: string): Language {
  if (word === "en" || word === "zh") return word;
  throw new UsageError(`--lang takes en or zh, not "${word}".`);
}
