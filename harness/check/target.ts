import type { TargetOptions } from "./options.ts";

/** The server that is checked: the words of its command, and the options that say how to start it and how to talk to it. */
export interface CheckTarget {
  command: readonly string[];
  options: TargetOptions;
}

/** The command line that runs one probe against a target, for a shell. */
export function commandLineOf(probe: string, { command, options }: CheckTarget): string {
  const words = ["lastack", "check", "--probe", probe, ...optionWords(options), "--", ...command];
  return words.map(shellWord).join(" ");
}

function optionWords(options: TargetOptions): string[] {
  const valued: [string, string | number | undefined][] = [
    ["--port", options.port],
    ["--ready", options.ready],
    ...Object.entries(options.env ?? {}).map(([name, value]): [string, string] => [
      "--env",
      `${name}=${value}`,
    ]),
    ["--cwd", options.cwd],
    ["--request", options.request],
    ["--raw", options.raw],
    ["--patience", options.patience],
    ["--connections", options.connections],
    ["--reuses", options.reuses],
    ["--answer-within", options.answerWithin],
    ["--ready-within", options.readyWithin],
  ];
  const words = valued.flatMap(([name, value]) => (value === undefined ? [] : wordsOf(name, String(value))));
  return options.tls === true ? ["--tls", ...words] : words;
}

/** A value that begins with a hyphen is joined to its option, or it would be read as another one. */
function wordsOf(name: string, value: string): string[] {
  return value.startsWith("-") ? [`${name}=${value}`] : [name, value];
}

/** A word as a POSIX shell reads it back: in single quotes, where it has other characters than those that no shell interprets. */
function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
