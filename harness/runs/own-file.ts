import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ArgumentError } from "../model/argument-error.ts";
import type { Experiment } from "../model/experiment.ts";
import { counterNames } from "../observers/counters.ts";
import { experimentProblems } from "./check/experiment.ts";
import { InputError, UsageError } from "./errors.ts";
import { guardExit } from "./exit-guard.ts";
import { stackLine } from "./stack-line.ts";
import { isOfSyntax, syntaxFault } from "../lab/syntax-fault.ts";

/** An experiment and the folder that relative program paths in its setups start from. */
export interface Entry {
  experiment: Experiment;
  baseDir: string;
  /** The variants that were chosen, as with `close-wait-leak/fixed`. Absent: all variants. */
  variants?: string[];
}

/** A file is loaded in some milliseconds. The bound only catches one that waits for ever. */
const LOADED_WITHIN_MS = 60_000;

/** Whether a word of the command line names a user's own file rather than an id. */
export function isExperimentFile(word: string): boolean {
  return /\.(ts|js|mjs)$/.test(word);
}

/**
 * The experiment in a user's own file, checked. Throws an InputError when the file's code fails, and a UsageError when the file is absent,
 * when it exports no experiment, and when the experiment cannot be run; `taken` are ids that it may not have, because recordings are judged
 * by their ids.
 */
export async function loadOwnFile(
  word: string,
  taken: readonly string[],
  withinMs = LOADED_WITHIN_MS,
): Promise<Entry> {
  const file = resolve(word);
  if (!existsSync(file)) throw new UsageError(`${word} does not exist.`);
  const experiment = await exportedBy(file, word, withinMs);
  const entry = checkedEntry(experiment, dirname(file), word);
  const { id } = entry.experiment;
  if (taken.includes(id)) {
    throw new UsageError(
      `${word}: id: ${JSON.stringify(id)} is an experiment of the catalogue; choose another id.`,
    );
  }
  return entry;
}

/** An experiment that is not in the catalogue, checked. Throws a UsageError that begins with `name` when it cannot be run. */
export function checkedEntry(experiment: unknown, baseDir: string, name: string): Entry {
  const problems = experimentProblems(experiment, counterNames());
  if (problems.length > 0) throw new UsageError(`${name} cannot be run:\n${lines(problems)}`);
  return { experiment: experiment as Experiment, baseDir };
}

/** A sentence a line, below a heading. */
export function lines(problems: string[]): string {
  return problems.map((problem) => `  ${problem}`).join("\n");
}

async function exportedBy(file: string, word: string, withinMs: number): Promise<unknown> {
  // From here on this process runs TypeScript, and finds this same lastack as `lastack/experiment`.
  await import("../lab/typescript.ts");
  let module: { experiment?: unknown };
  const release = guardExit();
  try {
    const loading = import(pathToFileURL(file).href) as Promise<{ experiment?: unknown }>;
    module = await unlessStuck(loading, withinMs);
  } catch (error) {
    if (error instanceof ArgumentError)
      throw new UsageError(`${word} cannot be run: ${whatAndWhere(error, file)}`);
    const fault = isOfSyntax(error) ? await syntaxFault(file) : null;
    throw new InputError(`${word} cannot be loaded: ${fault ?? whatAndWhere(error, file)}`);
  } finally {
    release();
  }
  if (typeof module.experiment === "object" && module.experiment !== null) return module.experiment;
  throw new UsageError(
    `${word} exports no experiment: it needs "export const experiment = failureMode({ ... })" or "fact({ ... })".`,
  );
}

/**
 * What a file exports. Throws when the process has nothing left to do and the file is still not loaded: without this, Node.js would exit
 * with code 13 and without a word about the file. A timer or a socket of the file keeps the process busy, and then the bound counts.
 */
async function unlessStuck<T>(loading: Promise<T>, withinMs: number): Promise<T> {
  let forget = (): void => {};
  const stuck = new Promise<never>((_, reject) => {
    const refuse = (): void =>
      reject(new Error("it waits at its top level for something that never happens"));
    const late = (): void => reject(new Error(`its top level has not ended within ${withinMs} ms`));
    const timer = setTimeout(late, withinMs).unref();
    process.once("beforeExit", refuse);
    forget = () => {
      clearTimeout(timer);
      process.off("beforeExit", refuse);
    };
  });
  try {
    return await Promise.race([loading, stuck]);
  } finally {
    forget();
  }
}

/** An error's message, and the line of the user's file that it came from, where its stack names one. */
function whatAndWhere(error: unknown, file: string): string {
  if (!(error instanceof Error)) return String(error);
  const line = stackLine(error, file);
  return line === null ? error.message : `${error.message} (line ${line})`;
}
