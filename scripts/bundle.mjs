// Makes one file of each program that a trial starts, as CommonJS: Node finds, reads and links sixty modules one by one for
// more time than the program then takes, and brings up its loader of ECMAScript modules for another 5 ms.
import { readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

/** What the lab runs, by the names under dist/: each stands there as `.cjs`, for the package says that `.js` is a module. */
const OF_THE_LAB = ["harness/trial", "harness/lab/init", "harness/wire/main"];

/**
 * Bundles what tsc has compiled into a folder, in place. Packages stay outside: they are installed, with their licences. Reference
 * servers are left as they are: what is shown of them must be what a user's own file would do.
 */
export async function bundle(folder) {
  const clients = join(folder, "clients");
  const programs = readdirSync(clients)
    .filter((file) => file.endsWith(".js"))
    .map((file) => `clients/${file.slice(0, -".js".length)}`);
  await build({
    absWorkingDir: folder,
    entryPoints: [...OF_THE_LAB, ...programs].map((name) => `${name}.js`),
    outdir: folder,
    outbase: folder,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20.19",
    format: "cjs",
    // CommonJS has no import.meta, by which lastack's own folder is found, and no await outside of functions. What stands first
    // must be the word that makes it as strict as a module is.
    define: { "import.meta.url": "moduleUrl" },
    banner: { js: '"use strict";\nconst moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
    logLevel: "warning",
  });
  for (const name of OF_THE_LAB) for (const end of [".js", ".d.ts"]) rmSync(join(folder, name + end));
  // Clients keep the names by which they are run by hand, in a folder of CommonJS that has nothing else.
  for (const { name } of readdirSync(clients, { withFileTypes: true })) {
    if (!name.endsWith(".cjs")) rmSync(join(clients, name), { recursive: true });
  }
  for (const name of programs) renameSync(join(folder, `${name}.cjs`), join(folder, `${name}.js`));
  writeFileSync(join(clients, "package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);
}
