import { inside, type NetworkNamespace } from "../kernel/namespace.ts";
import { SockDiag } from "../kernel/sockdiag/dump.ts";
import { ALL_STATES } from "../kernel/sockdiag/state.ts";
import type { SeenState } from "../model/state.ts";
import { everyHolder, nameOf } from "../observers/sockets/holders.ts";

/** A connection's process, and its remote end. The process is null where it is not visible, or no process holds the socket. */
export interface PortUser {
  pid: number | null;
  name: string | null;
  state: SeenState;
  remote: string;
}

/**
 * The connections that have a port as their local one: of a client to which the kernel, or the client, has given it. Those of visible
 * processes come first: several connections can have the same local port.
 */
export function usersOfPort(namespace: NetworkNamespace, port: number): PortUser[] {
  const diag = inside(namespace, () => new SockDiag());
  try {
    const holders = everyHolder();
    return diag
      .sockets({ states: ALL_STATES, ports: [port] })
      .filter(({ localPort, state }) => localPort === port && state !== "LISTEN")
      .map(({ inode, state, remoteAddress, remotePort }) => {
        const [pid = null] = holders.get(inode) ?? [];
        return {
          pid,
          name: pid === null ? null : nameOf(pid),
          state,
          remote: `${remoteAddress} port ${remotePort}`,
        };
      })
      .toSorted((a, b) => Number(a.pid === null) - Number(b.pid === null));
  } finally {
    diag.close();
  }
}
