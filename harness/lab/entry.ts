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
 * The command that runs another as pid 1 of namespaces of its own. setpriv ties the life of unshare to the process that
 * starts it, and --kill-child ties the lab to unshare: whoever is killed, nothing stays. util-linux: setpriv(1), unshare(1).
 */
export function entryCommand(command: string[]): { executable: string; args: string[] } {
  const user = privileged() ? [] : ["--user", "--map-root-user"];
  return {
    executable: "setpriv",
    args: [
      ...["--pdeathsig", "KILL", "unshare", ...user],
      ...["--net", "--pid", "--mount", "--mount-proc", "--fork", "--kill-child", ...command],
    ],
  };
}
