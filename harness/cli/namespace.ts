import { existsSync, readFileSync } from "node:fs";
import { currentNamespace, namespaceOf, type NetworkNamespace } from "../kernel/namespace.ts";
import { InputError, UnavailableError } from "../runs/errors.ts";

/** The bound on pids: PID_MAX_LIMIT, include/linux/threads.h. */
export const PID_MOST = 4_194_304;

/** The errno of a netlink socket, or of its first request, on a kernel without CONFIG_INET_DIAG (sock_diag(7)). */
const WITHOUT_DIAG = ["EPROTONOSUPPORT", "ENOENT", "EAFNOSUPPORT"];

/** A command that looks at a namespace, as a user types it. */
export type Looking = "census" | "doctor";

/** What a user may not do with the namespace of another process: open it, or enter it. */
export type Refused = "open" | "enter";

/** A user may not open or enter the namespace of another process. `reason`: what was refused, in words. */
export class RefusedError extends InputError {
  readonly reason: string;

  constructor(what: Refused, refusal: { pid: number; command: Looking; code: string; isRoot: boolean }) {
    super(refusedSentences(what, refusal));
    this.reason = reasonOf(what, refusal);
  }
}

/** The network namespace of a process; without a pid, lastack's own. Throws an InputError for one that cannot be opened. */
export function openNamespace(pid: number | null, command: Looking): NetworkNamespace {
  if (pid === null) return currentNamespace("here");
  try {
    return namespaceOf(pid);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code === "EACCES" || code === "EPERM")
      throw new RefusedError("open", { pid, command, code, isRoot: isRoot() });
    if (code !== "ENOENT") throw error;
    throw new InputError(notThere(pid));
  }
}

function notThere(pid: number): string {
  if (existsSync(`/proc/${pid}`))
    return `Process ${pid} has ended, and its parent has not waited for it: it has no sockets any more.`;
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
 * Turns an error of looking at a namespace into one with a sentence: this user may not enter it, or the kernel does not show its sockets. Any
 * other error is returned as it is.
 */
export function whyNoLook(error: unknown, pid: number | null, command: Looking): unknown {
  const { code = "", call = "" } = error as { code?: string; call?: string };
  if (code === "EPERM" && pid !== null && (call === "" || call === "setns"))
    return new RefusedError("enter", { pid, command, code, isRoot: isRoot() });
  if (call.startsWith("socket(AF_NETLINK") || (WITHOUT_DIAG.includes(code) && call !== "")) {
    return new UnavailableError(
      `This kernel does not show its sockets (${call}: ${code}). lastack ${command} needs sock_diag: CONFIG_INET_DIAG and ` +
        "CONFIG_INET_TCP_DIAG (modprobe tcp_diag), and a sandbox that lets netlink sockets be made.",
    );
  }
  return error;
}

/** Runs what enters the namespace of a process and looks at it. */
export function looking<T>(pid: number | null, command: Looking, look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw whyNoLook(error, pid, command);
  }
}

/**
 * What could not be read, why, and what to do next. The capabilities are those of proc(5), where /proc/PID/ns needs PTRACE_MODE_READ, and of
 * setns(2).
 */
export function refusedSentences(
  what: Refused,
  { pid, command, code, isRoot }: { pid: number; command: Looking; code: string; isRoot: boolean },
): string {
  const reason = reasonOf(what, { pid, code });
  const capability = what === "open" ? "SYS_PTRACE" : "SYS_ADMIN";
  const asRoot = isRoot
    ? `This root lacks CAP_${capability}, as in a container: run lastack outside of it, or give it --cap-add ${capability}.`
    : `Root may: sudo lastack ${command} --pid ${pid}`;
  const otherwise = {
    open:
      `If process ${pid} is in the namespace of this shell, as most processes outside of containers are, ` +
      `"lastack ${command}" without --pid looks at the same sockets.`,
    enter:
      "If the namespace belongs to this user, as after unshare --user, no root is needed: " +
      `nsenter --target ${pid} --user --net --preserve-credentials lastack ${command}`,
  }[what];
  return `The sockets of process ${pid} cannot be read: ${reason}.\n${asRoot}\n${otherwise}`;
}

function reasonOf(what: Refused, { pid, code }: { pid: number; code: string }): string {
  return what === "open"
    ? `this user may not open its network namespace, /proc/${pid}/ns/net (${code})`
    : `this user may not enter its network namespace (setns: ${code})`;
}

function isRoot(): boolean {
  return process.geteuid?.() === 0;
}
