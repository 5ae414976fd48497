import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { openSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { until } from "../lab/wait.ts";

const UP_WITHIN_MS = 30_000;
const DOWN_WITHIN_MS = 30_000;
const CGROUPS = "/sys/fs/cgroup";

/** Address pools from the documentation ranges (RFC 5737). So no container has another address, even if no file names one. */
const POOLS = ["--bip", "203.0.113.1/26", "--default-address-pool", "base=203.0.113.128/25,size=28"];

/** A Docker daemon of our own. */
export interface Daemon {
  /** The environment in which its clients find it. */
  env: NodeJS.ProcessEnv;
  /** Ends it cleanly, and waits until it is gone. */
  end: () => Promise<void>;
}

/**
 * Starts a daemon in net, mount and pid namespaces of its own and waits until it answers. It ends with this process, however that ends. Its
 * data is in memory, in a mount that nobody else sees, and is gone with it. Its socket and its log are in `folder`. `name` is the name of
 * its cgroups, and `mark` is added to its environment. If the daemon does not start, throws a sentence with the end of the log.
 */
export async function startDaemon(
  folder: string,
  mark: Record<string, string>,
  name: string,
): Promise<Daemon> {
  const socket = join(folder, "docker.sock");
  const log = join(folder, "dockerd.log");
  const out = openSync(log, "w");
  const env = { ...process.env, ...mark };
  const child = spawn(
    "setpriv",
    [
      ...["--pdeathsig", "KILL", "unshare", "--net", "--pid", "--mount", "--mount-proc", "--fork"],
      ...["--kill-child", "sh", "-c", inner(folder, socket, name)],
    ],
    { stdio: ["ignore", out, out], env },
  );
  const client = { ...process.env, DOCKER_HOST: `unix://${socket}`, DOCKER_BUILDKIT: "0" };
  const isUp = (): boolean => spawnSync("docker", ["version"], { env: client, stdio: "ignore" }).status === 0;
  const up = await until(isUp, (answers) => answers || child.exitCode !== null, UP_WITHIN_MS);
  if (!up) {
    child.kill("SIGKILL");
    throw new Error(`dockerd does not answer; its log ends: ${readFileSync(log, "utf8").slice(-1500)}`);
  }
  return { env: client, end: () => end(child, name) };
}

/**
 * The script that runs in the namespaces. Cgroups of version 2 are used as they are mounted. Version 1 gets mounts of its own, because
 * dockerd writes there. Everything that dockerd makes is below one cgroup, so that it can be found again.
 */
function inner(folder: string, socket: string, name: string): string {
  const flags = [
    ...["--data-root", `${folder}/data/root`, "--exec-root", `${folder}/data/exec`],
    ...["--pidfile", `${folder}/data/pid`, "-H", `unix://${socket}`, "--cgroup-parent", `/${name}`],
    ...["--exec-opt", "native.cgroupdriver=cgroupfs", ...POOLS],
  ];
  return [
    "set -e",
    "mount --make-rprivate /",
    "ip link set lo up",
    `mkdir ${folder}/data && mount -t tmpfs -o mode=711 tmpfs ${folder}/data`,
    "mount -t tmpfs tmpfs /run",
    `if [ ! -e ${CGROUPS}/cgroup.controllers ]; then`,
    `  umount -R ${CGROUPS} 2>/dev/null || true`,
    `  mount -t tmpfs tmpfs ${CGROUPS}`,
    "  for one in $(awk 'NR > 1 && $4 == 1 { print $1 }' /proc/cgroups); do",
    `    mkdir ${CGROUPS}/$one && mount -t cgroup -o $one cgroup ${CGROUPS}/$one || rmdir ${CGROUPS}/$one`,
    "  done",
    // systemd's own hierarchy has no controller. `exec` fails in a container whose hierarchy is not mounted here.
    "  if grep -q name=systemd /proc/self/cgroup; then",
    `    mkdir ${CGROUPS}/systemd && mount -t cgroup -o none,name=systemd cgroup ${CGROUPS}/systemd`,
    "  fi",
    "fi",
    `exec dockerd ${flags.join(" ")}`,
  ].join("\n");
}

async function end(child: ChildProcess, name: string): Promise<void> {
  const gone = child.exitCode === null ? once(child, "exit") : Promise.resolve();
  // unshare ignores SIGTERM. Its child is dockerd, which stops all containers on SIGTERM.
  for (const pid of childrenOf(child.pid ?? 0)) process.kill(pid, "SIGTERM");
  const bound = setTimeout(() => child.kill("SIGKILL"), DOWN_WITHIN_MS);
  await gone;
  clearTimeout(bound);
  await until(
    () => removeCgroups(name),
    (left) => left.length === 0,
    DOWN_WITHIN_MS,
  );
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1")
    .split(" ")
    .map(Number)
    .filter((child) => child > 0);
}

/** Removes the cgroups of a name, the lowest first. Returns those that are still in use. */
export function removeCgroups(name: string): string[] {
  const hierarchies = [CGROUPS, ...readdirSync(CGROUPS).map((entry) => join(CGROUPS, entry))];
  return hierarchies.flatMap((hierarchy) => remove(join(hierarchy, name)));
}

function remove(cgroup: string): string[] {
  const left = foldersIn(cgroup).flatMap((below) => remove(join(cgroup, below)));
  try {
    rmdirSync(cgroup);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "ENOENT" && code !== "ENOTDIR") left.push(cgroup);
  }
  return left;
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}
