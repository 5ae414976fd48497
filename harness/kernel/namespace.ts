import { closeSync, fstatSync, openSync } from "node:fs";
import { check, declare } from "./libc.ts";

const unshare = declare<(flags: number) => number>("int unshare(int flags)");
const setns = declare<(fd: number, kind: number) => number>("int setns(int fd, int nstype)");

/** CLONE_NEWNET, include/uapi/linux/sched.h. */
const CLONE_NEWNET = 0x40000000;

/** A network namespace, held open by a descriptor. It exists while the descriptor is open or anything is inside it. */
export interface NetworkNamespace {
  fd: number;
  name: string;
}

/** The namespace that the calling thread is in. `name` is only for messages. */
export function currentNamespace(name: string): NetworkNamespace {
  return { fd: openSync("/proc/thread-self/ns/net", "r"), name };
}

/** The network namespace of another process. Errors: ENOENT (no such process), EACCES (no permission). */
export function namespaceOf(pid: number): NetworkNamespace {
  return { fd: openSync(`/proc/${pid}/ns/net`, "r"), name: `pid ${pid}` };
}

/**
 * Makes a network namespace and returns to the previous one. It needs CAP_SYS_ADMIN in the current user namespace
 * (unshare(2): EPERM without it).
 */
export function makeNamespace(name: string): NetworkNamespace {
  const before = currentNamespace("before");
  try {
    check(unshare(CLONE_NEWNET), "unshare(CLONE_NEWNET)", `making the network namespace ${name}`);
    const made = currentNamespace(name);
    check(setns(before.fd, CLONE_NEWNET), "setns", `returning after making ${name}`);
    return made;
  } finally {
    closeSync(before.fd);
  }
}

/** Closes the descriptor of a namespace. The namespace ends when nothing else is inside it or holds it open. */
export function releaseNamespace(namespace: NetworkNamespace): void {
  closeSync(namespace.fd);
}

/**
 * Runs f with the calling thread inside a namespace, and then returns to the previous one, even when f throws. Sockets and
 * processes that f makes stay in the namespace. Asynchronous work would run in the wrong namespace, after the return or on a
 * thread of the pool; therefore a promise is refused. When the thread is in the namespace already, setns(2) is not called: it
 * needs CAP_SYS_ADMIN even then, and an ordinary user could not inspect the machine's own namespace.
 */
export function inside<T>(namespace: NetworkNamespace, f: () => T): T {
  const before = currentNamespace("before");
  try {
    if (isSame(before, namespace)) return refusePromise(f(), namespace);
    check(setns(namespace.fd, CLONE_NEWNET), "setns", `entering ${namespace.name}`);
    try {
      return refusePromise(f(), namespace);
    } finally {
      check(setns(before.fd, CLONE_NEWNET), "setns", `returning from ${namespace.name}`);
    }
  } finally {
    closeSync(before.fd);
  }
}

/** Whether two namespaces are the same: the device and inode of the file identify a namespace (namespaces(7)). */
function isSame(one: NetworkNamespace, other: NetworkNamespace): boolean {
  const [a, b] = [fstatSync(one.fd), fstatSync(other.fd)];
  return a.dev === b.dev && a.ino === b.ino;
}

function refusePromise<T>(result: T, { name }: NetworkNamespace): T {
  if (typeof result === "object" && result !== null && "then" in result) {
    throw new TypeError(`inside(${name}) takes synchronous work only: a promise would continue outside it`);
  }
  return result;
}
