import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Tree } from "./judge.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

/** Folders with generated files: compiled code, recordings, packages. */
const MADE = /^(?:node_modules|dist(?:\..*)?|results|\..*)$/;

/** The text of the project's files whose names match, by their path relative to the project's folder. */
export function readTree(fits: RegExp): Tree {
  const tree = new Map<string, string>();
  const walk = (folder: string): void => {
    for (const entry of readdirSync(PROJECT + folder, { withFileTypes: true })) {
      const path = folder + entry.name;
      if (entry.isDirectory() && !MADE.test(entry.name)) walk(`${path}/`);
      else if (entry.isFile() && fits.test(entry.name)) tree.set(path, readFileSync(PROJECT + path, "utf8"));
    }
  };
  walk("");
  return tree;
}

/** The names of package.json's `dependencies`: the packages that are installed where a user runs lastack. */
export function runtimePackages(): string[] {
  const manifest = JSON.parse(readFileSync(`${PROJECT}package.json`, "utf8")) as { dependencies: object };
  return Object.keys(manifest.dependencies);
}
