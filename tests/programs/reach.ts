import { statSync } from "node:fs";
import { dirname } from "node:path";

/** Others may search a folder: inode(7). */
const OTHERS_SEARCH = 0o001;

/**
 * The first folder on the way to one of these paths that keeps out whoever is neither its owner nor of its group; null when every one can
 * be reached. A project that lies in root's home cannot be run by anybody else.
 */
export function closedTo(
  paths: readonly string[],
  modeOf = (path: string): number => statSync(path).mode,
): string | null {
  for (const path of paths)
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      if ((modeOf(folder) & OTHERS_SEARCH) === 0) return folder;
      if (folder === dirname(folder)) break;
    }
  return null;
}
