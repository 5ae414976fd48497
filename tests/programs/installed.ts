import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Folders of system programs. An ordinary user's PATH often lacks them, but callers of these programs search them. */
const SYSTEM_FOLDERS = ["/usr/sbin", "/sbin"];

/**
 * Whether a program can be found: a name in one of the folders of `path`, or of a system program in those of the system, too. `path` is a
 * PATH.
 */
export function isInstalled(
  program: string,
  { isOfSystem, path = process.env["PATH"] ?? "" }: { isOfSystem: boolean; path?: string },
): boolean {
  const folders = path.split(delimiter).filter((folder) => folder !== "");
  return [...folders, ...(isOfSystem ? SYSTEM_FOLDERS : [])].some((folder) =>
    isExecutable(join(folder, program)),
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
