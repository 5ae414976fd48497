import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of lastack's own package.json, both when this runs from the sources and when it runs from dist/. */
export const packageRoot = findPackageRoot(dirname(fileURLToPath(import.meta.url)));

function findPackageRoot(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const above = dirname(folder);
  if (above === folder)
    throw new Error("lastack's package.json was not found above its code: the installation is damaged");
  return findPackageRoot(above);
}

/**
 * The absolute path under dist/ of a compiled file such as `harness/cli/main.js`. Each program of the lab is bundled into one file
 * there: `harness/trial.ts` becomes `harness/trial.cjs` (scripts/bundle.mjs).
 */
export function compiled(path: string): string {
  return join(packageRoot, "dist", path);
}

/**
 * The file of a program's name: `close-wait-leak/buggy` is a reference server, `clients/short-tcp` is a client, and `./mine.ts` is a
 * user's own file, relative to the folder of the experiment file. Throws when the file does not exist.
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
