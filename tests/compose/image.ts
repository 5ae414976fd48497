import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../harness/lab/paths.ts";
import { debianMirror } from "../../scripts/debian/mirror.ts";
import { WITHOUT_NOT_NEEDED } from "../../scripts/debian/not-needed.ts";

const BASE = "lastack-base";
/** The images that the compose files name, each with its stage of the Dockerfile. */
const IMAGES = { lastack: "lastack", peers: "lastack-peers" };

/** The packages that the Dockerfile installs on the base; it gives the reasons. */
const PACKAGES = ["iproute2", "nftables", "nginx-light", "python3"];

/** Makes a base image from Debian's packages and this machine's Node.js, because the daemon has no network to pull one. */
export function makeBase(folder: string, env: NodeJS.ProcessEnv): void {
  const { uri, suite } = debianMirror();
  const root = join(folder, "base");
  run("nice", ["debootstrap", "--variant=minbase", `--include=${PACKAGES.join(",")}`, suite, root, uri], env);
  copyFileSync(process.execPath, join(root, "usr/local/bin/node"));
  run("sh", ["-c", `tar -c ${WITHOUT_NOT_NEEDED.join(" ")} -C ${root} . | docker import - ${BASE}`], env);
  rmSync(root, { recursive: true, force: true });
}

/** Builds the images without a network. Everything is compiled and installed here first, and lies in the build context. */
export function buildImages(folder: string, env: NodeJS.ProcessEnv): void {
  const context = join(folder, "context");
  mkdirSync(join(context, "results"), { recursive: true });
  for (const file of ["Dockerfile", "package.json", "package-lock.json"])
    copyFileSync(join(packageRoot, file), join(context, file));
  for (const part of ["dist", "servers", "compose/nginx", "results/reference"])
    cpSync(join(packageRoot, part), join(context, part), { recursive: true });
  run(
    "npm",
    ["ci", "--omit=dev", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"],
    env,
    context,
  );
  for (const [target, image] of Object.entries(IMAGES)) {
    const args = ["--network", "none", "--build-arg", `BASE=${BASE}`, "--target", target, "--tag", image];
    run("nice", ["docker", "build", "--quiet", ...args, context], env);
  }
  rmSync(context, { recursive: true, force: true });
}

function run(command: string, args: string[], env: NodeJS.ProcessEnv, cwd = packageRoot): void {
  const ran = spawnSync(command, args, { cwd, env, encoding: "utf8", timeout: 300_000, maxBuffer: 1 << 26 });
  if (ran.status === 0) return;
  const said = `${ran.stdout ?? ""}${ran.stderr ?? ""}`.trim().split("\n").slice(-15).join("\n");
  throw new Error(`${command} ${args.join(" ")}: exit code ${ran.status ?? ran.error?.message}\n${said}`);
}
