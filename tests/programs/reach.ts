import { statSync } from "node:fs";
import { dirname } from "node:path";

/** The permission bit that lets others search a folder: inode(7). */
const OTHERS_SEARCH = 0o001;

/**
 * The first folder on the way to one of these paths that others (neither its owner nor its group) may not enter; null if others can reach
 * all paths. For example, only root can run a project in root's home.
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
