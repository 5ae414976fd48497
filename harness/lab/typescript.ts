// Importing this file lets the process run a user's own TypeScript files. It also works with `node --import`.
import { register } from "node:module";
import { pathToFileURL } from "node:url";
import { compiled } from "./paths.ts";

const url = (path: string): string => pathToFileURL(compiled(path)).href;
register(url("harness/lab/typescript-hooks.js"), {
  data: { lastack: url("harness/lastack.js"), "lastack/experiment": url("harness/experiment.js") },
});
