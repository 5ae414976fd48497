#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { nodeFault } from "../lab/node-version.ts";
import { choiceOf } from "../runs/choice.ts";
import { InputError, UnavailableError, UsageError } from "../runs/errors.ts";
import { COMMANDS, HELP, type Known } from "./commands.ts";
import { EXIT, leave } from "./exit.ts";
import { guard } from "./guard.ts";
import { foldHelp } from "./help.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

const HELP_WORDS = ["--help", "-h", "help"];

async function main(args: string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  const topic = name === "help" && rest[0] !== undefined && !HELP_WORDS.includes(rest[0]) ? rest[0] : null;
  if (name === undefined || (HELP_WORDS.includes(name) && topic === null)) {
    terminal.out(foldHelp(HELP, terminal.columns));
    return name === undefined ? EXIT.usage : EXIT.clean;
  }
  if (name === "--version" || name === "-v") {
    terminal.out(version());
    return EXIT.clean;
  }
  const known = await commandOf(topic ?? name);
  refuseOldNode(name);
  const { command } = await known.load();
  if (topic !== null || asksForHelp(rest)) {
    terminal.out(foldHelp(command.help, terminal.columns));
    return EXIT.clean;
  }
  const files = ownWords(rest).filter((word) => choiceOf(word).isFile);
  if (files.length > 0) guard(files, terminal, async (error) => leave(await failed(error, terminal)));
  return command.run(rest, terminal);
}

/** The command of a name. Throws UsageError. */
async function commandOf(name: string): Promise<Known> {
  const known = COMMANDS.get(name);
  if (known !== undefined) return known;
  if (name.startsWith("-"))
    throw new UsageError(
      `${name} is no command: options come after the command, as in "lastack list --json".`,
    );
  const { quoted, suggest } = await import("../recording/suggest.ts");
  throw new UsageError(
    `There is no command ${quoted(name)}.${suggest(name, [...COMMANDS.keys()])} "lastack --help" lists all commands.`,
  );
}

/** The words that are the command's own: those after -- belong to another program. */
function ownWords(words: string[]): string[] {
  return words.includes("--") ? words.slice(0, words.indexOf("--")) : words;
}

/** Whether a command's words ask for its help: `run --help`, or `run help`. */
function asksForHelp(words: string[]): boolean {
  const own = ownWords(words);
  return own.includes("--help") || own.includes("-h") || (own.length === 1 && own[0] === "help");
}

/** Throws an UnavailableError on a Node.js that cannot run lastack. preflight runs all the same: it says what else is missing. */
function refuseOldNode(command: string): void {
  const fault = nodeFault(process.versions.node);
  if (fault === null || command === "preflight") return;
  throw new UnavailableError(`lastack cannot run on ${fault.reason}. To fix this: ${fault.remedy}.`);
}

function version(): string {
  // This file runs from dist/harness/cli/ or from harness/cli/: package.json is three or two folders up.
  for (const above of ["../../../package.json", "../../package.json"]) {
    try {
      return (JSON.parse(readFileSync(new URL(above, import.meta.url), "utf8")) as { version: string })
        .version;
    } catch {
      // package.json is not there: try the next path.
    }
  }
  return "unknown";
}

async function failed(error: unknown, terminal: Terminal): Promise<number> {
  if (error instanceof UsageError) {
    terminal.err(`lastack: ${error.message}`);
    return EXIT.usage;
  }
  if (error instanceof InputError) {
    terminal.err(`lastack: ${error.message}`);
    return EXIT.inconclusive;
  }
  if (error instanceof UnavailableError) {
    terminal.err(error.message);
    return EXIT.unavailable;
  }
  if (isOfMachine(error)) {
    terminal.err(`lastack: ${refusedBySystem(error)}`);
    return EXIT.unavailable;
  }
  const missing = await missingHere(error);
  if (missing !== null) {
    terminal.err(`lastack cannot run here: ${missing.reason}. To fix this: ${missing.remedy}.`);
    return EXIT.unavailable;
  }
  terminal.err(
    `lastack: this is a fault in lastack itself; please report it.\n${error instanceof Error ? error.stack : String(error)}`,
  );
  return EXIT.ownFault;
}

/** Errors that the state of the machine causes wherever they occur, errno(3): no descriptor, memory, space or permission is left. */
const OF_MACHINE = ["EMFILE", "ENFILE", "ENOMEM", "EAGAIN", "ENOSPC", "EDQUOT", "EROFS", "EIO", "EACCES"];

/** What the machine or the installation lacks, if that can be the cause of an error that nothing else explains. */
async function missingHere(error: unknown): Promise<{ reason: string; remedy: string | null } | null> {
  const { code, message = "" } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  const [, name] = /^Cannot find package '([^']+)'/.exec(message) ?? [];
  if (code === "ERR_MODULE_NOT_FOUND" && name !== undefined) {
    return {
      reason: `the package ${name} is not installed`,
      remedy: "install lastack's dependencies (npm ci)",
    };
  }
  const { missingForAll } = await import("../lab/preflight.ts");
  return missingForAll();
}

/** The sentence for an error of isOfMachine. */
function refusedBySystem({ syscall, code, message }: NodeJS.ErrnoException): string {
  if (syscall === "uv_cwd") return "the working folder does not exist any more: go to another one with cd.";
  const remedy = code === "EMFILE" ? " Raise the limit of descriptors (ulimit -n)." : "";
  return `the system refused something that lastack needs: ${message}.${remedy}`;
}

/** Whether an error is one of OF_MACHINE, or says that the working folder was deleted (uv_cwd is Node's name for getcwd(3)). */
function isOfMachine(error: unknown): error is NodeJS.ErrnoException {
  if (!(error instanceof Error)) return false;
  const { code = "", syscall } = error as NodeJS.ErrnoException;
  return OF_MACHINE.includes(code) || syscall === "uv_cwd";
}

/** Waits until standard output has taken everything: an error of its reader has its own exit code (terminal.ts). */
async function printed(): Promise<void> {
  await new Promise<void>((resolve) => void process.stdout.write("", () => setImmediate(resolve)));
}

const terminal = openTerminal();
const code = await main(process.argv.slice(2), terminal).catch((error: unknown) => failed(error, terminal));
await printed();
// A timer or a socket that a user's own file has left open does not keep a command from ending.
leave(code);
