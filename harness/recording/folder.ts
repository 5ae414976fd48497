import { lchownSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Makes a folder and the missing folders above it. Throws the error of mkdir(2) for the first folder that cannot be made. Node's own
 * `recursive` loops for ever below an existing folder that takes no other, such as /proc: there mkdir(2) fails with ENOENT each time.
 */
export function makeFolders(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "EEXIST" && statSync(path).isDirectory()) return;
    if (code !== "ENOENT" || dirname(path) === path) throw error;
    makeFolders(dirname(path));
    mkdirSync(path);
  }
}

/** The owner of a file: the numbers of stat(2). */
export interface Owner {
  uid: number;
  gid: number;
}

/** The owner of a folder or, if it does not exist, of the nearest existing folder above it. */
export function ownerOf(path: string): Owner {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined) return { uid: found.uid, gid: found.gid };
  return ownerOf(dirname(path));
}

/**
 * Changes the owner of a folder and of everything below it: root in a container gives the files that it made to the user. Without the
 * permission for that, the owner does not change.
 */
export function handOver(path: string, { uid, gid }: Owner): void {
  try {
    lchownSync(path, uid, gid);
    for (const entry of readdirSync(path, { withFileTypes: true, recursive: true }))
      lchownSync(join(entry.parentPath, entry.name), uid, gid);
  } catch {
    // EPERM: this is an ordinary user, or the file system has no owners.
  }
}
