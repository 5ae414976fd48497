import { accessSync, constants, statSync } from "node:fs";
import { join } from "node:path";
import { compiled, programFile } from "./paths.ts";

/** Where commands are looked up: PATH, and the folders of system programs, which an ordinary user's PATH often lacks. */
export const SEARCHED: readonly string[] = [
  ...new Set([
    ...(process.env["PATH"] ?? "").split(":").filter((folder) => folder !== ""),
    "/usr/sbin",
    "/sbin",
  ]),
];

/** Debian's packages, where they are not named as the command is. */
const PACKAGES: Record<string, string> = { nginx: "nginx-light" };

/**
 * What is executed for the first word of a command, the one place that knows: `python3` is looked up; a file is executed by Node
 * where its name is that of JavaScript or TypeScript, and by the kernel otherwise. Throws a sentence when there is no such command or file.
 */
export function executableOf(program: string, baseDir: string): [string, ...string[]] {
  if (!program.includes("/")) {
    if (SEARCHED.some((folder) => isExecutable(join(folder, program)))) return [program];
    throw new Error(
      `there is no command ${program} in ${SEARCHED.join(":")}; to install it: sudo apt-get install ${PACKAGES[program] ?? program}`,
    );
  }
  const file = programFile(program, baseDir);
  if (/\.[cm]?[jt]s$/.test(file)) return [process.execPath, ...nodeArguments(file)];
  if (isExecutable(file)) return [file];
  throw new Error(`${file} is no program that may be executed: chmod +x makes it one`);
}

/** The Node arguments that run a program's file: TypeScript of the user's own is stripped of its types, in the same process. */
function nodeArguments(file: string): string[] {
  return file.endsWith(".ts") ? ["--import", compiled("harness/lab/typescript.js"), file] : [file];
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
