import { accessSync, constants, statSync } from "node:fs";
import { join } from "node:path";
import { compiled, programFile } from "./paths.ts";

/** Where commands are looked up: PATH, and the folders of system programs. An ordinary user's PATH often lacks those. */
export const SEARCHED: readonly string[] = [
  ...new Set([
    ...(process.env["PATH"] ?? "").split(":").filter((folder) => folder !== ""),
    "/usr/sbin",
    "/sbin",
  ]),
];

/** Debian's packages of the commands that the programs of lastack's experiments are. */
const PACKAGES = new Map([
  ["nginx", "nginx-light"],
  ["python3", "python3"],
]);

/**
 * What is executed for the first word of a command; only this function decides it. A name such as `python3` is looked up in the folders
 * above. A JavaScript or TypeScript file is executed by Node, and any other file by the kernel. Throws a sentence when there is no such
 * command or file.
 */
export function executableOf(program: string, baseDir: string): [string, ...string[]] {
  if (!program.includes("/")) {
    if (SEARCHED.some((folder) => isExecutable(join(folder, program)))) return [program];
    const known = PACKAGES.get(program);
    const remedy = known === undefined ? "" : `; to install it: sudo apt-get install ${known}`;
    throw new Error(`there is no command ${program} in ${SEARCHED.join(":")}${remedy}`);
  }
  const file = programFile(program, baseDir);
  if (/\.[cm]?[jt]s$/.test(file)) return [process.execPath, ...nodeArguments(file)];
  if (isExecutable(file)) return [file];
  throw new Error(`${file} is not executable: make it so with chmod +x`);
}

/** The Node arguments that run a program's file. In a user's own TypeScript file, the same process strips the types. */
function nodeArguments(file: string): string[] {
  return file.endsWith(".ts") ? ["--import", compiled("harness/lab/typescript.js"), file] : [file];
}

/** Whether a file is there, and this user may execute it. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
