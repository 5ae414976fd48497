import { closeSync, fstatSync } from "node:fs";
import { currentNamespace, inside } from "../kernel/namespace.ts";
import type { ObservedHost } from "./observer.ts";

/**
 * Opens something in a host's namespace. setns(2) wants CAP_SYS_ADMIN even of a thread that is there already, so that an
 * ordinary user could not look at the own machine: there, nothing is entered. Errors: those of `inside`, and of `open`.
 */
export function openInside<T>(host: ObservedHost, open: () => T): T {
  return isHere(host) ? open() : inside(host.namespace, open);
}

/** A namespace is known by the device and inode of its file (namespaces(7)). */
function isHere({ namespace }: ObservedHost): boolean {
  const here = currentNamespace("here");
  try {
    const [a, b] = [fstatSync(here.fd), fstatSync(namespace.fd)];
    return a.dev === b.dev && a.ino === b.ino;
  } finally {
    closeSync(here.fd);
  }
}
