import { statSync } from "node:fs";
import { resolve } from "node:path";
import { isExecutable } from "../lab/executable.ts";
import { quoted } from "../recording/suggest.ts";
import { UsageError } from "./errors.ts";

// A command of the user's own that is run in a lab: where, with what environment, and whether it exists at all.

/** The folder in which a command is started, as an absolute path. Throws a UsageError when there is none. */
export function ownFolder(cwd: string | undefined): string {
  const folder = resolve(cwd ?? "");
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
  throw new UsageError(`There is no folder ${quoted(cwd ?? folder)} in which the command could be started.`);
}

/** The environment of this process, as its user's shell made it. */
export function ownEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Throws a UsageError for a command that execvp(3) would not find: without a slash it is looked up in the PATH. */
export function refuseMissing(program: string, folder: string, path: string): void {
  if (program.includes("/")) {
    const file = resolve(folder, program);
    if (isExecutable(file)) return;
    const isThere = statSync(file, { throwIfNoEntry: false }) !== undefined;
    throw new UsageError(
      isThere
        ? `${quoted(program)} cannot be executed. Start it with its interpreter (as in "-- node ${program}"), or make it executable with chmod +x.`
        : `There is no file ${quoted(program)}${program.startsWith("/") ? "" : ` in ${folder}`}.`,
    );
  }
  if (path.split(":").some((one) => isExecutable(resolve(folder, one, program)))) return;
  const isFile = statSync(resolve(folder, program), { throwIfNoEntry: false })?.isFile() === true;
  const hint = isFile ? ` The file of that name in ${folder} is written ./${program}.` : "";
  throw new UsageError(`There is no command ${quoted(program)} on the PATH.${hint}`);
}
