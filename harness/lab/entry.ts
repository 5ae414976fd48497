import { readFileSync } from "node:fs";

/** Bits of a capability set, include/uapi/linux/capability.h. */
const CAP_NET_ADMIN = 12n;
const CAP_SYS_ADMIN = 21n;

/** True when this process may make namespaces as it is: then the lab does without a user namespace. */
export function privileged(): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "latin1"))?.[1] ?? "0";
  const bits = BigInt(`0x${effective}`);
  return [CAP_NET_ADMIN, CAP_SYS_ADMIN].every((capability) => ((bits >> capability) & 1n) === 1n);
}

/**
 * What keeps programs that crash from leaving a core, in a file or with a collector of the host's: a limit of exactly 1, which
 * is no room for a file and which the kernel takes as a word for collectors too (fs/coredump.c). Nothing where the hard limit
 * is 0 already, and cannot be raised.
 */
function withoutCores(): string[] {
  const [, hard = "0"] =
    /^Max core file size +\S+ +(\S+)/m.exec(readFileSync("/proc/self/limits", "latin1")) ?? [];
  return hard === "0" ? [] : ["prlimit", "--core=1:1"];
}

/**
 * The command that runs another as pid 1 of namespaces of its own. setpriv ties the life of unshare to the process that
 * starts it, and --kill-child ties the lab to unshare: whoever is killed, nothing stays. util-linux: setpriv(1), unshare(1).
 */
export function entryCommand(command: string[]): { executable: string; args: string[] } {
  const user = privileged() ? [] : ["--user", "--map-root-user"];
  return {
    executable: "setpriv",
    args: [
      ...["--pdeathsig", "KILL", ...withoutCores(), "unshare", ...user],
      ...["--net", "--pid", "--mount", "--mount-proc", "--fork", "--kill-child", ...command],
    ],
  };
}
