import { inside } from "../kernel/namespace.ts";
import { SockDiag } from "../kernel/sockdiag/dump.ts";
import { stateMask } from "../kernel/sockdiag/state.ts";
import type { ObservedHost } from "./observer.ts";

/** A socket that listens now. */
export interface Listening {
  address: string;
  port: number;
  inode: number;
}

/** The sockets of a host that listen now. It reads the kernel's table, and records nothing. */
export function listening({ namespace }: Pick<ObservedHost, "namespace">): Listening[] {
  const diag = inside(namespace, () => new SockDiag());
  try {
    return diag
      .sockets({ states: stateMask(["LISTEN"]) })
      .map(({ localAddress, localPort, inode }) => ({ address: localAddress, port: localPort, inode }));
  } finally {
    diag.close();
  }
}

/** Whether a socket of a host listens on a port now. */
export function listensOn(host: Pick<ObservedHost, "namespace">, port: number): boolean {
  return listening(host).some((one) => one.port === port);
}
