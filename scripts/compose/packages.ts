import { spawnSync } from "node:child_process";
import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** A command that the test of the labs calls, and its Debian package. */
const NEEDED = [
  ["dockerd", "docker.io"],
  ["docker", "docker.io"],
  ["docker-compose", "docker-compose"],
  ["debootstrap", "debootstrap"],
] as const;

/** Debian asks this program whether a package may start its daemon: invoke-rc.d(8). 101 is no. */
const POLICY = "/usr/sbin/policy-rc.d";
const KEPT = `${POLICY}.before-lastack`;

/** Installs what is not there from Debian; no daemon of the system is started. Throws a sentence when that cannot be. */
export function installMissing(): void {
  const missing = NEEDED.filter(([command]) => !isThere(command)).map(([, name]) => name);
  if (missing.length === 0) return;
  const packages = [...new Set(missing)];
  if (process.getuid?.() !== 0 || !isThere("apt-get"))
    throw new Error(`missing: ${packages.join(", ")}; install them, or run this as root on Debian`);
  console.log(`apt-get install ${packages.join(" ")}`);
  // One that was kept by a run that was killed is put back at the end of this one.
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

/** Where this machine's Debian comes from, as apt knows it: an address and a suite. */
export function debianMirror(): { uri: string; suite: string } {
  const format = "$(REPO_URI) $(CODENAME) $(COMPONENT)";
  const said = spawnSync("apt-get", ["indextargets", "--format", format, "Created-By: Packages"], {
    encoding: "utf8",
  });
  const suite = spawnSync("sh", ["-c", '. /etc/os-release && echo "$VERSION_CODENAME"'], {
    encoding: "utf8",
  }).stdout.trim();
  const line = said.stdout.split("\n").find((one) => one.endsWith(` ${suite} main`));
  const uri = line?.split(" ")[0];
  if (uri === undefined) throw new Error(`apt has no source of ${suite} main, of which a base could be made`);
  return { uri, suite };
}

function isThere(command: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${command}`], { stdio: "ignore" }).status === 0;
}

function apt(args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const ran = spawnSync("apt-get", args, { env, stdio: ["ignore", "ignore", "inherit"], timeout: 300_000 });
  if (ran.status !== 0) throw new Error(`apt-get ${args.join(" ")}: exit code ${ran.status}`);
}
