// Imported for what it does: from then on this process runs TypeScript of the user's own. `node --import` takes it too.
import { register } from "node:module";
import { pathToFileURL } from "node:url";
import { compiled } from "./paths.ts";

const url = (path: string): string => pathToFileURL(compiled(path)).href;
register(url("harness/lab/typescript-hooks.js"), { data: { door: url("harness/experiment.js") } });
