import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { packageRoot } from "../../harness/lab/paths.ts";

/** Paths that a clone does not have: those of .gitignore, and git's own folder. */
const NOT_CLONED = /^(?:\.git|node_modules|dist(?:\..*)?|results\/(?:runs|soak))$/;

/** A copy of the project as it would be cloned, with its packages installed, but not built. `remove` deletes it. */
export function projectCopy(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "lastack-clone-"));
  cpSync(packageRoot, path, {
    recursive: true,
    filter: (source) => !NOT_CLONED.test(relative(packageRoot, source)),
  });
  linkPackages(join(packageRoot, "node_modules"), join(path, "node_modules"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Links each package. The folder itself is the copy's own, because tools keep caches in it. */
function linkPackages(from: string, to: string): void {
  mkdirSync(to);
  const packages = readdirSync(from).filter((name) => !name.startsWith(".") || name === ".bin");
  for (const name of packages) symlinkSync(join(from, name), join(to, name));
}
