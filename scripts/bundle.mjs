// Bundles each program that a trial starts into one CommonJS file. Without this, Node would find, read and link sixty modules one by one,
// which takes longer than the program itself, and would need another 5 ms to start its loader of ECMAScript modules.
import { readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

/** The programs of the lab, by their names under dist/. Each becomes a `.cjs` file, because in this package `.js` is a module. */
const OF_THE_LAB = ["harness/trial", "harness/lab/init", "harness/wire/main"];

/**
 * Bundles the files that tsc has compiled into a folder, in place. Packages are not bundled: they are installed, with their licences.
 * Reference servers are not bundled either, because they must behave like a user's own files.
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
    // CommonJS has no import.meta, which lastack uses to find its own folder, and no await outside of functions. The file must begin
    // with "use strict", because modules are strict too.
    define: { "import.meta.url": "moduleUrl" },
    banner: { js: '"use strict";\nconst moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
    logLevel: "warning",
  });
  for (const name of OF_THE_LAB) for (const end of [".js", ".d.ts"]) rmSync(join(folder, name + end));
  // Clients keep their names ending in .js, because users run them by hand. Their folder is CommonJS and contains nothing else.
  for (const { name } of readdirSync(clients, { withFileTypes: true })) {
    if (!name.endsWith(".cjs")) rmSync(join(clients, name), { recursive: true });
  }
  for (const name of programs) renameSync(join(folder, `${name}.cjs`), join(folder, `${name}.js`));
  writeFileSync(join(clients, "package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);
}
