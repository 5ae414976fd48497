// Compiles into a new folder, and replaces dist with it only when the build is complete. So files that were deleted from the sources do
// not stay in dist, and a failed build leaves the last good one.
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
  if (tsc.status !== 0) throw new Error("tsc found errors");
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
