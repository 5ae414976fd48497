import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { entryCommand, privileged } from "./entry.ts";
import { nodeFault } from "./node-version.ts";
import { compiled } from "./paths.ts";

/** Something that a lab needs from the machine. `remedy` is what to do when it is missing, and null when it is available. */
export interface Capability {
  id: string;
  available: boolean;
  /** true: there is no lab without it. false: only some experiments are inconclusive without it. */
  required: boolean;
  reason: string;
  remedy: string | null;
}

/** Programs that a lab runs, and their Debian packages. */
const PROGRAMS = [
  ["setpriv", "util-linux"],
  ["unshare", "util-linux"],
  ["prlimit", "util-linux"],
] as const;

const TRY_WITHIN_MS = 10_000;

/** What works on a machine where an ordinary user may not create namespaces. */
const WAYS_ROUND =
  "run it as root (sudo lastack ...), or in a container that may create namespaces " +
  "(docker run --cap-add SYS_ADMIN --cap-add NET_ADMIN --security-opt apparmor=unconfined ...)";

/** Checks what this machine allows. It really creates namespaces to find out. Takes a few hundred milliseconds at most. */
export async function preflight(): Promise<Capability[]> {
  const linux = process.platform === "linux";
  const programs = PROGRAMS.map(([program, from]) => programThere(program, from));
  const calls = await koffi();
  const first = [platform(linux), node(), ...programs, calls];
  return linux ? [...first, ...namespaces(calls)] : first;
}

/** The first thing that is missing without which no command can work; null when none is. It creates nothing. */
export async function missingForAll(): Promise<Capability | null> {
  const needed = [platform(process.platform === "linux"), node(), await koffi()];
  return needed.find(({ available }) => !available) ?? null;
}

function able(id: string, reason: string, required = true): Capability {
  return { id, available: true, required, reason, remedy: null };
}

function unable(id: string, reason: string, remedy: string, required = true): Capability {
  return { id, available: false, required, reason, remedy };
}

function platform(linux: boolean): Capability {
  return linux
    ? able("linux", `Linux ${readText("/proc/sys/kernel/osrelease")}, ${process.arch}`)
    : unable(
        "linux",
        `this is ${process.platform}`,
        "run it in a Linux virtual machine or container: the lab needs Linux namespaces",
      );
}

function node(): Capability {
  const { node } = process.versions;
  const fault = nodeFault(node);
  return fault === null ? able("node", `Node.js ${node}`) : unable("node", fault.reason, fault.remedy);
}

function programThere(program: string, from: string): Capability {
  const there = spawnSync(program, ["--version"], { stdio: "ignore" }).error === undefined;
  return there
    ? able(program, `${program} (package ${from}) is installed`)
    : unable(
        program,
        `${program} is not on the PATH`,
        `install ${from} (Debian, Ubuntu: sudo apt-get install ${from})`,
      );
}

async function koffi(): Promise<Capability> {
  try {
    await import("../kernel/libc.ts");
    return able("koffi", "libc can be called from Node.js");
  } catch (error) {
    return unable(
      "koffi",
      `koffi cannot be loaded: ${firstLine(error)}`,
      "install lastack's dependencies again on this machine (npm ci): koffi ships a binary for each platform",
    );
  }
}

/** Runs the same command that starts a lab, and inside it the steps that an experiment needs. */
function namespaces(calls: Capability): Capability[] {
  const { executable, args } = entryCommand([process.execPath, compiled("harness/lab/tryout.js")]);
  // unshare ignores SIGTERM while it waits for its child.
  const bound = { timeout: TRY_WITHIN_MS, killSignal: "SIGKILL" } as const;
  const tried = spawnSync(executable, args, { encoding: "utf8", ...bound });
  const inside = (tried.stdout ?? "").split("\n");
  const said =
    (tried.stderr ?? "").trim().split("\n").at(-1) || (tried.error?.message ?? "it printed nothing");
  if (!inside.includes("inside")) {
    return [
      unable(
        "namespaces",
        `${privileged() ? "as root" : "as an ordinary user"}: ${said}`,
        `${WAYS_ROUND}. ${whyNot()}`,
      ),
    ];
  }
  const how = privileged()
    ? "created as root, without a user namespace"
    : "created by an ordinary user, in a user namespace";
  return [
    able("namespaces", `network, pid and mount namespaces can be ${how}`),
    inside.includes("veth")
      ? able("veth", "two hosts can be linked by a veth pair")
      : unable("veth", said, calls.remedy ?? "load the kernel's veth module (sudo modprobe veth)"),
    inside.includes("somaxconn")
      ? able("somaxconn", "net.core.somaxconn can be set in a namespace", false)
      : unable(
          "somaxconn",
          "net.core.somaxconn is hidden from user namespaces by kernels before about 6.4",
          "run as root: experiments that set it are inconclusive here",
          false,
        ),
  ];
}

/** The usual reasons, each with the setting by which an administrator changes it. */
function whyNot(): string {
  if (readText("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") === "1") {
    return "AppArmor restricts user namespaces here (Ubuntu since 23.10): an administrator can allow them with sysctl kernel.apparmor_restrict_unprivileged_userns=0";
  }
  if (readText("/proc/sys/kernel/unprivileged_userns_clone") === "0") {
    return "This kernel denies user namespaces to ordinary users: an administrator can allow them with sysctl kernel.unprivileged_userns_clone=1";
  }
  if (readText("/proc/sys/user/max_user_namespaces") === "0") {
    return "No user namespace can be created here (user.max_user_namespaces is 0): an administrator can raise this limit";
  }
  return "Inside a container, the reason may be its seccomp profile or its missing capabilities";
}

function readText(path: string): string {
  try {
    return readFileSync(path, "latin1").trim();
  } catch {
    return "";
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
