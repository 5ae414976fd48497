import { closeSync, fstatSync, openSync } from "node:fs";
import { check, declare } from "./libc.ts";

const unshare = declare<(flags: number) => number>("int unshare(int flags)");
const setns = declare<(fd: number, kind: number) => number>("int setns(int fd, int nstype)");

/** CLONE_NEWNET, include/uapi/linux/sched.h. */
const CLONE_NEWNET = 0x40000000;

/** A network namespace, held open by a descriptor; it lives as long as this or anything inside it does. */
export interface NetworkNamespace {
  fd: number;
  name: string;
}

/** The namespace that the calling thread is in. `name` is only for messages. */
export function currentNamespace(name: string): NetworkNamespace {
  return { fd: openSync("/proc/thread-self/ns/net", "r"), name };
}

/** The network namespace of another process. Errors: ENOENT (no such process), EACCES (not ours to look at). */
export function namespaceOf(pid: number): NetworkNamespace {
  return { fd: openSync(`/proc/${pid}/ns/net`, "r"), name: `pid ${pid}` };
}

/**
 * Makes a network namespace and returns to the one before. Needs CAP_SYS_ADMIN in the current user namespace
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

/** Lets go of a namespace; it ends when nothing else is inside it or holds it. */
export function releaseNamespace(namespace: NetworkNamespace): void {
  closeSync(namespace.fd);
}

/**
 * Runs f with the calling thread inside a namespace and returns to the one before, whatever f does. Sockets made
 * and processes spawned by f stay there; asynchronous work would run after the return, or on the pool's threads, in
 * the wrong namespace, and so a promise is refused. Where the thread already is, it need not go: setns(2) wants
 * CAP_SYS_ADMIN even then, and an ordinary user could not look at the own machine.
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

/** A namespace is known by the device and inode of its file (namespaces(7)). */
function isSame(one: NetworkNamespace, other: NetworkNamespace): boolean {
  const [a, b] = [fstatSync(one.fd), fstatSync(other.fd)];
  return a.dev === b.dev && a.ino === b.ino;
}

function refusePromise<T>(result: T, { name }: NetworkNamespace): T {
  if (typeof result === "object" && result !== null && "then" in result) {
    throw new TypeError(`inside(${name}) takes synchronous work only: a promise would go on outside it`);
  }
  return result;
}
