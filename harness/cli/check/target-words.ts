import { LONGEST_SECONDS, MOST_CONNECTIONS, MOST_REUSES } from "../../check/arguments.ts";
import type { TargetOptions } from "../../check/options.ts";
import { readText } from "../../load/step-text.ts";
import { UsageError } from "../../runs/errors.ts";
import { seconds, wholeNumber } from "../command.ts";

/** The options of the command line that say what is checked. */
export const TARGET_OPTIONS = {
  port: { type: "string" },
  ready: { type: "string" },
  env: { type: "string", multiple: true },
  cwd: { type: "string" },
  request: { type: "string" },
  raw: { type: "string" },
  tls: { type: "boolean" },
  patience: { type: "string" },
  connections: { type: "string" },
  reuses: { type: "string" },
  "answer-within": { type: "string" },
  "ready-within": { type: "string" },
} as const;

/** The values of TARGET_OPTIONS, as parseOptions returns them. */
type Given = {
  [Name in keyof typeof TARGET_OPTIONS]?: (typeof TARGET_OPTIONS)[Name] extends { multiple: true }
    ? string[]
    : (typeof TARGET_OPTIONS)[Name]["type"] extends "boolean"
      ? boolean
      : string;
};

/** What the words of the command line say of the target: only what was given. Throws a UsageError for a word that is not allowed. */
export function targetOptions(given: Given): TargetOptions {
  const { port, ready, env, cwd, request, raw, tls, patience, connections, reuses } = given;
  const [answerWithin, readyWithin] = [given["answer-within"], given["ready-within"]];
  refuseEmpty({ ready, cwd, raw });
  if (raw !== undefined && request !== undefined)
    throw new UsageError(
      "--raw is for a protocol that is not HTTP, and --request for HTTP: leave one of them out.",
    );
  return {
    ...(port !== undefined && { port: wholeNumber(port, "--port", 1, 65_535) }),
    ...(ready !== undefined && { ready }),
    ...(env !== undefined && { env: Object.fromEntries(env.map(variable)) }),
    ...(cwd !== undefined && { cwd }),
    ...(request !== undefined && { request }),
    ...(raw !== undefined && { raw: rawText(raw) }),
    ...(tls === true && { tls }),
    ...(patience !== undefined && { patience: seconds(patience, "--patience", LONGEST_SECONDS) }),
    ...(connections !== undefined && {
      connections: wholeNumber(connections, "--connections", 1, MOST_CONNECTIONS),
    }),
    ...(reuses !== undefined && { reuses: wholeNumber(reuses, "--reuses", 1, MOST_REUSES) }),
    ...(answerWithin !== undefined && {
      answerWithin: seconds(answerWithin, "--answer-within", LONGEST_SECONDS),
    }),
    ...(readyWithin !== undefined && {
      readyWithin: seconds(readyWithin, "--ready-within", LONGEST_SECONDS),
    }),
  };
}

function refuseEmpty(texts: Record<string, string | undefined>): void {
  const [name] = Object.entries(texts).find(([, text]) => text === "") ?? [];
  if (name !== undefined) throw new UsageError(`--${name} takes a text that is not empty.`);
}

function variable(word: string): [name: string, value: string] {
  const [, name, value] = /^([^=\0]+)=([^\0]*)$/.exec(word) ?? [];
  if (name === undefined || value === undefined)
    throw new UsageError(`--env takes NAME=VALUE, not ${JSON.stringify(word)}.`);
  return [name, value];
}

/** The text of --raw, after its escapes were tried. */
function rawText(text: string): string {
  try {
    readText(text);
    return text;
  } catch (error) {
    throw new UsageError(`--raw: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
