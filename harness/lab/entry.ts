import { readFileSync } from "node:fs";

/** Bits of a capability set, include/uapi/linux/capability.h. */
const CAP_NET_ADMIN = 12n;
const CAP_SYS_ADMIN = 21n;

/** Whether this process may make namespaces already. Then the lab needs no user namespace. */
export function privileged(): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "latin1"))?.[1] ?? "0";
  const bits = BigInt(`0x${effective}`);
  return [CAP_NET_ADMIN, CAP_SYS_ADMIN].every((capability) => ((bits >> capability) & 1n) === 1n);
}

/**
 * The command that keeps crashing programs from dumping core, into a file or to the host's core collector. It sets a limit of
 * exactly 1: that is too small for a file, and the kernel then skips collectors, too (fs/coredump.c). Empty where the hard limit
 * is 0 already: it cannot be raised.
 */
function withoutCores(): string[] {
  const [, hard = "0"] =
    /^Max core file size +\S+ +(\S+)/m.exec(readFileSync("/proc/self/limits", "latin1")) ?? [];
  return hard === "0" ? [] : ["prlimit", "--core=1:1"];
}

/**
 * The command that runs another command as pid 1 of new namespaces. setpriv ends unshare when the process that started it
 * ends, and --kill-child ends the lab when unshare ends. So nothing is left, whichever of them is killed. util-linux:
 * setpriv(1), unshare(1).
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
