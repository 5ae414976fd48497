// Module hooks (node:module, register) that run a user's own TypeScript files as ECMAScript modules, in any folder.
import { readFileSync } from "node:fs";
import type { InitializeHook, LoadHook, ResolveHook } from "node:module";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";

let door = "";

/** Called once, at registration, with the URL of the module `lastack/experiment`. */
export const initialize: InitializeHook<{ door: string }> = (data) => {
  ({ door } = data);
};

/** Resolves `import ... from "lastack/experiment"` to this installation of lastack, from a user's file in any folder. */
export const resolve: ResolveHook = (specifier, context, next) =>
  specifier === "lastack/experiment" ? { url: door, shortCircuit: true } : next(specifier, context);

/** Removes the types from .ts files. Errors are esbuild's, with file, line and column. */
export const load: LoadHook = (url, context, next) => {
  if (!url.startsWith("file:") || !/\.m?ts$/.test(url)) return next(url, context);
  const sourcefile = fileURLToPath(url);
  const options = { loader: "ts", format: "esm", target: "node20", sourcefile, sourcemap: "inline" } as const;
  const { code } = transformSync(readFileSync(sourcefile, "utf8"), options);
  return { format: "module", source: code, shortCircuit: true };
};
