import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { compiled } from "../lab/paths.ts";
import { choiceOf } from "../runs/choice.ts";
import { stackLine } from "../runs/stack-line.ts";
import { EXIT, hasLeft, leave } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

/** Ends the process, with what is printed of an error of lastack's own. */
type OnOwnError = (error: unknown) => Promise<void>;

/**
 * The code of a user's own files runs in this process: when they are loaded, in their timers, in the functions of their claims. From here
 * on, an end of this process, or an error that nobody catches, is a fault of these files, with a sentence and the exit code of a run
 * without a verdict. `words` are the words of the command line that name the files.
 */
export function guard(words: string[], terminal: Terminal, onOwnError: OnOwnError): void {
  const files = [...new Set(words.map((word) => choiceOf(word).name))];
  process.on("exit", (code) => {
    if (hasLeft()) return;
    const what = `called process.exit(${code}) before lastack's work was done`;
    terminal.err(`lastack: ${blamed(new Error(), files)} ${what}. There is no verdict: leave that call out.`);
    process.exitCode = EXIT.inconclusive;
  });
  process.on("uncaughtException", (error: unknown) => {
    if (isOfLastack(error, files)) {
      void onOwnError(error);
      return;
    }
    const message = error instanceof Error ? error.message : String(error);
    const where = error instanceof Error ? blamed(error, files) : files.join(" or ");
    terminal.err(`lastack: ${where} has an error that nothing catches: ${message}. There is no verdict.`);
    leave(EXIT.inconclusive);
  });
}

/** The file, and the line, that a stack names: `mine.ts (line 7)`; all files when it names none of them. */
function blamed(error: Error, files: string[]): string {
  for (const file of files) {
    const line = stackLine(error, resolve(file));
    if (line !== null) return `${file} (line ${line})`;
  }
  return files.join(" or ");
}

/** Whether an error is of lastack's own code: its stack names none of the files, and its first place outside of Node is in dist/. */
function isOfLastack(error: unknown, files: string[]): boolean {
  if (!(error instanceof Error) || files.some((file) => stackLine(error, resolve(file)) !== null))
    return false;
  const places = (error.stack ?? "")
    .split("\n")
    .filter((line) => /^ +at /.test(line) && !line.includes("node:"));
  const [first = ""] = places;
  return first.includes(pathToFileURL(compiled("")).href) || first.includes(compiled(""));
}
