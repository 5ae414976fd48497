import { inside } from "../kernel/namespace.ts";
import { SockDiag } from "../kernel/sockdiag/dump.ts";
import { stateMask } from "../kernel/sockdiag/state.ts";
import type { ObservedHost } from "./observer.ts";

/** Whether a socket of a host listens on a port now. It reads the kernel's table, and records nothing. */
export function listensOn({ namespace }: Pick<ObservedHost, "namespace">, port: number): boolean {
  const diag = inside(namespace, () => new SockDiag());
  try {
    return diag.sockets({ states: stateMask(["LISTEN"]) }).some(({ localPort }) => localPort === port);
  } finally {
    diag.close();
  }
}
