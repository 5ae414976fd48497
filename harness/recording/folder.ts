import { lchownSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Makes a folder and those above it. Errors: mkdir(2)'s, of the first folder that cannot be made. Node's own `recursive`
 * goes round for ever where a folder that exists takes no other, as under /proc: mkdir(2) then says ENOENT each time.
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

/** Whom files belong to: numbers, as stat(2) gives them. */
export interface Owner {
  uid: number;
  gid: number;
}

/** Who owns a folder, or the nearest one above it that is there. */
export function ownerOf(path: string): Owner {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined) return { uid: found.uid, gid: found.gid };
  return ownerOf(dirname(path));
}

/** Gives a folder and all below it to somebody, as root in a container does with what it made for a user. Where that is not allowed, all stays as it is. */
export function handOver(path: string, { uid, gid }: Owner): void {
  try {
    lchownSync(path, uid, gid);
    for (const entry of readdirSync(path, { withFileTypes: true, recursive: true }))
      lchownSync(join(entry.parentPath, entry.name), uid, gid);
  } catch {
    // EPERM: an ordinary user, or a file system that knows no owners.
  }
}
