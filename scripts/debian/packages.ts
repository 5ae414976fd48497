import { spawnSync } from "node:child_process";
import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** Debian calls this program to ask whether a package may start its daemon (invoke-rc.d(8)). Exit code 101 means no. */
const POLICY = "/usr/sbin/policy-rc.d";
const KEPT = `${POLICY}.before-lastack`;

const APT_WITHIN_MS = 300_000;

/** Whether the shell finds this command. */
export function isThere(command: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${command}`], { stdio: "ignore" }).status === 0;
}

/** Installs Debian packages without starting their daemons. Throws an Error with a sentence when that is not possible. */
export function installPackages(names: string[]): void {
  const packages = [...new Set(names)];
  if (packages.length === 0) return;
  if (process.getuid?.() !== 0 || !isThere("apt-get"))
    throw new Error(`missing: ${packages.join(", ")}; install them, or run this as root on Debian`);
  console.log(`apt-get install ${packages.join(" ")}`);
  // If a run was killed, the file that it kept is put back at the end of this run.
  if (existsSync(POLICY) && !existsSync(KEPT)) renameSync(POLICY, KEPT);
  try {
    writeFileSync(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
    apt(["update", "-qq"]);
    apt(["install", "-y", "-qq", "--no-install-recommends", ...packages]);
  } finally {
    if (existsSync(KEPT)) renameSync(KEPT, POLICY);
    else rmSync(POLICY, { force: true });
  }
}

function apt(args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const ran = spawnSync("apt-get", args, {
    env,
    timeout: APT_WITHIN_MS,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (ran.status !== 0) throw new Error(`apt-get ${args.join(" ")}: exit code ${ran.status}`);
}
