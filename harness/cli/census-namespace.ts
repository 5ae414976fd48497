import { existsSync } from "node:fs";
import { currentNamespace, namespaceOf, type NetworkNamespace } from "../kernel/namespace.ts";
import { InputError } from "../runs/errors.ts";

/** What a user may not do with the namespace of another process: open it, or enter it. */
export type Refused = "open" | "enter";

/** The network namespace of a process; without a pid, lastack's own. Throws an InputError for one that cannot be opened. */
export function openNamespace(pid: number | null): NetworkNamespace {
  if (pid === null) return currentNamespace("here");
  try {
    return namespaceOf(pid);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code === "EACCES" || code === "EPERM")
      throw new InputError(refusedSentences("open", pid, { code, isRoot: isRoot() }));
    if (code !== "ENOENT") throw error;
    throw new InputError(
      existsSync(`/proc/${pid}`)
        ? `Process ${pid} has ended, and its parent has not waited for it: it has no sockets any more.`
        : `There is no process ${pid}.`,
    );
  }
}

/** Runs what enters the namespace of a process. Throws an InputError when this user may not enter it. */
export function entering<T>(pid: number | null, enter: () => T): T {
  try {
    return enter();
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== "EPERM" || pid === null) throw error;
    throw new InputError(refusedSentences("enter", pid, { code, isRoot: isRoot() }));
  }
}

/**
 * What could not be read, why, and what to do next. The capabilities are those of proc(5), where /proc/PID/ns needs PTRACE_MODE_READ, and of
 * setns(2).
 */
export function refusedSentences(
  what: Refused,
  pid: number,
  { code, isRoot }: { code: string; isRoot: boolean },
): string {
  const [capability, reason] = {
    open: ["SYS_PTRACE", `this user may not open its network namespace, /proc/${pid}/ns/net (${code})`],
    enter: ["SYS_ADMIN", `this user may not enter its network namespace (setns: ${code})`],
  }[what] as [string, string];
  const asRoot = isRoot
    ? `This root lacks CAP_${capability}, as in a container: run lastack outside of it, or give it --cap-add ${capability}.`
    : `Root may: sudo lastack census --pid ${pid}`;
  const otherwise = {
    open:
      `If process ${pid} is in the namespace of this shell, as most processes outside of containers are, ` +
      '"lastack census" without --pid counts the same sockets.',
    enter:
      "If the namespace belongs to this user, as after unshare --user, no root is needed: " +
      `nsenter --target ${pid} --user --net --preserve-credentials lastack census`,
  }[what];
  return `The sockets of process ${pid} cannot be counted: ${reason}.\n${asRoot}\n${otherwise}`;
}

function isRoot(): boolean {
  return process.geteuid?.() === 0;
}
