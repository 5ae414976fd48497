// Compiles into a fresh folder and puts it in dist's place only when it is whole: a file that was deleted from the
// sources does not go on living, and a failed build leaves the last good one.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, renameSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const fresh = `${root}dist.${process.pid}`;
const stale = `${root}dist.${process.pid}.old`;
const tsc = spawnSync(
  process.execPath,
  [`${root}node_modules/typescript/bin/tsc`, "-p", `${root}tsconfig.build.json`, "--outDir", fresh],
  { stdio: "inherit" },
);
try {
  if (tsc.status !== 0) throw new Error("tsc has refused it");
  await bundle(fresh);
} catch (error) {
  console.error(`nothing was built: ${error.message}`);
  rmSync(fresh, { recursive: true, force: true });
  process.exit(1);
}
chmodSync(`${fresh}/harness/cli/main.js`, 0o755);
if (existsSync(`${root}dist`)) renameSync(`${root}dist`, stale);
renameSync(fresh, `${root}dist`);
rmSync(stale, { recursive: true, force: true });
