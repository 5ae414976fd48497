import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of lastack's own package.json, whether this runs from the sources or from dist/. */
export const packageRoot = findPackageRoot(dirname(fileURLToPath(import.meta.url)));

function findPackageRoot(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const above = dirname(folder);
  if (above === folder)
    throw new Error("lastack's package.json is not above its own code: the installation is damaged");
  return findPackageRoot(above);
}

/**
 * A compiled file: `harness/cli/main.js` -> its absolute path under dist/. Programs of the lab are one file each there, with the
 * name `harness/trial.cjs` for `harness/trial.ts` (scripts/bundle.mjs).
 */
export function compiled(path: string): string {
  return join(packageRoot, "dist", path);
}

/**
 * Where a program's name leads: `close-wait-leak/buggy` is a reference server, `clients/short-tcp` a client, and `./mine.ts` a file of
 * the user's own, relative to the experiment file's folder. Throws when nothing is there.
 */
export function programFile(program: string, baseDir: string): string {
  const file = programPath(program, baseDir);
  if (!existsSync(file)) throw new Error(`there is no program ${program}: ${file} does not exist`);
  return file;
}

function programPath(program: string, baseDir: string): string {
  if (program.startsWith(".") || isAbsolute(program)) return resolve(baseDir, program);
  if (program.startsWith("clients/")) return compiled(`${program}.js`);
  return compiled(`servers/${program}.js`);
}
