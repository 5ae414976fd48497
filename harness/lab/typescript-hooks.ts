// Module hooks (node:module, register) that run TypeScript of the user's own, as an ECMAScript module wherever it lies.
import { readFileSync } from "node:fs";
import type { InitializeHook, LoadHook, ResolveHook } from "node:module";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";

let door = "";

/** Told once, at registration: the URL of the module that `lastack/experiment` is. */
export const initialize: InitializeHook<{ door: string }> = (data) => {
  ({ door } = data);
};

/** `import ... from "lastack/experiment"` finds this very lastack, wherever the user's file lies. */
export const resolve: ResolveHook = (specifier, context, next) =>
  specifier === "lastack/experiment" ? { url: door, shortCircuit: true } : next(specifier, context);

/** Takes the types out of .ts files. Errors: esbuild's, with file, line and column. */
export const load: LoadHook = (url, context, next) => {
  if (!url.startsWith("file:") || !/\.m?ts$/.test(url)) return next(url, context);
  const sourcefile = fileURLToPath(url);
  const options = { loader: "ts", format: "esm", target: "node20", sourcefile, sourcemap: "inline" } as const;
  const { code } = transformSync(readFileSync(sourcefile, "utf8"), options);
  return { format: "module", source: code, shortCircuit: true };
};
