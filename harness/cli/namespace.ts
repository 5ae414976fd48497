import { readFileSync } from "node:fs";
import { currentNamespace, namespaceOf, type NetworkNamespace } from "../kernel/namespace.ts";
import { InputError, UnavailableError } from "../runs/errors.ts";

/** The bound on pids: PID_MAX_LIMIT, include/linux/threads.h. */
export const PID_MOST = 4_194_304;

/** The errno of a netlink socket, or of its first request, on a kernel without CONFIG_INET_DIAG (sock_diag(7)). */
const WITHOUT_DIAG = ["EPROTONOSUPPORT", "ENOENT", "EAFNOSUPPORT"];

/** The network namespace of a process; without one, lastack's own. Throws InputError where it cannot be read. */
export function openNamespace(pid: number | null): NetworkNamespace {
  try {
    return pid === null ? currentNamespace("here") : namespaceOf(pid);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") throw new InputError(noSuchProcess(pid));
    throw new InputError(
      `No permission to read the network namespace of process ${pid} (${code}): run this as its user, or as root.`,
    );
  }
}

function noSuchProcess(pid: number | null): string {
  return hidesProcesses()
    ? `There is no process ${pid} that this user can see: /proc is mounted with hidepid. Run this as root.`
    : `There is no process ${pid}.`;
}

/** Whether /proc shows a user only that user's processes (proc(5), hidepid=2 or 4). */
function hidesProcesses(): boolean {
  const mounts = readFileSync("/proc/self/mounts", "latin1").split("\n");
  return mounts.some((line) => / \/proc proc .*\bhidepid=(2|4|invisible|ptraceable)/.test(line));
}

/**
 * The sentence for an error of looking at a namespace: it cannot be entered, or the kernel does not show its sockets. Any other error is
 * returned as it is.
 */
export function whyNoLook(error: unknown, { name }: NetworkNamespace, command: string): unknown {
  const { code = "", call = "" } = error as { code?: string; call?: string };
  if (code === "EPERM" && call === "setns") {
    return new InputError(
      `Entering the network namespace of ${name} requires CAP_SYS_ADMIN: run this as root, or ` +
        `inside that namespace (nsenter --target PID --user --net --preserve-credentials lastack ${command}).`,
    );
  }
  if (call.startsWith("socket(AF_NETLINK") || (WITHOUT_DIAG.includes(code) && call !== "")) {
    return new UnavailableError(
      `This kernel does not show its sockets (${call}: ${code}). lastack ${command} needs sock_diag: CONFIG_INET_DIAG and ` +
        "CONFIG_INET_TCP_DIAG (modprobe tcp_diag), and a sandbox that lets netlink sockets be made.",
    );
  }
  return error;
}
