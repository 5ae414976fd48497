import { inside } from "../kernel/namespace.ts";
import { SockDiag } from "../kernel/sockdiag/dump.ts";
import { stateMask } from "../kernel/sockdiag/state.ts";
import type { ListenersSample } from "../model/sample.ts";
import type { ObservedHost, Observer } from "./observer.ts";

/** Looks at the accept queue of every listening socket of a host. */
export function observeListeners(host: ObservedHost): Observer<ListenersSample> {
  const diag = inside(host.namespace, () => new SockDiag());
  return {
    name: "listeners",
    costs: "0.03 ms a look: the table of listeners alone is walked, not the connections.",
    cannotSee:
      "The accept queue at one moment: a queue that filled and emptied between two looks shows only in the counters " +
      "(TcpExtListenOverflows). Connections that are still SYN-RECEIVED are not in it.",
    look: (moment) => ({
      kind: "listeners",
      ...moment,
      host: host.name,
      // At LISTEN the two queues of a row are connections: those that wait, and how many may.
      listeners: diag
        .sockets({ states: stateMask(["LISTEN"]) })
        .map(({ localAddress, localPort, receiveQueue, sendQueue, inode }) => ({
          address: localAddress,
          port: localPort,
          queue: receiveQueue,
          backlog: sendQueue,
          inode,
        }))
        .toSorted((a, b) => a.port - b.port || a.inode - b.inode),
    }),
    close: () => diag.close(),
  };
}
