// Module hooks (node:module, register) that run a user's own TypeScript files as ECMAScript modules, in any folder.
import { readFileSync } from "node:fs";
import type { InitializeHook, LoadHook, ResolveHook } from "node:module";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";

let modules: Record<string, string> = {};

/** Called once, at registration, with the modules of lastack: their URLs by the names under which they are imported. */
export const initialize: InitializeHook<Record<string, string>> = (data) => {
  modules = data;
};

/** Resolves `import ... from "lastack/experiment"` to this installation of lastack, from a user's file in any folder. */
export const resolve: ResolveHook = (specifier, context, next) => {
  const url = modules[specifier];
  if (url !== undefined) return { url, shortCircuit: true };
  if (/^lastack(?:\/|$)/.test(specifier)) {
    const names = Object.keys(modules).join(" and ");
    throw new Error(`lastack has no module ${JSON.stringify(specifier)}; its modules are ${names}`);
  }
  return next(specifier, context);
};

/** Removes the types from .ts files. Errors are esbuild's, with file, line and column. */
export const load: LoadHook = (url, context, next) => {
  if (!url.startsWith("file:") || !/\.m?ts$/.test(url)) return next(url, context);
  const sourcefile = fileURLToPath(url);
  const options = { loader: "ts", format: "esm", target: "node20", sourcefile, sourcemap: "inline" } as const;
  const { code } = transformSync(readFileSync(sourcefile, "utf8"), options);
  return { format: "module", source: code, shortCircuit: true };
};
