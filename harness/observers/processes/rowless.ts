import { socketProtocol } from "../../kernel/socket-protocol.ts";
import type { SockDiag } from "../../kernel/sockdiag/dump.ts";
import { ALL_STATES, stateMask } from "../../kernel/sockdiag/state.ts";
import { type Descriptors, socketOf } from "./proc.ts";

/** A descriptor can refer to a socket in each of these states. */
const HELD_STATES = (ALL_STATES & ~stateMask(["TIME-WAIT", "SYN-RECEIVED"])) >>> 0;

/** The TCP sockets of a host among those that its processes hold. */
export interface TcpSockets {
  /** The inodes among them that have a row. */
  rows: ReadonlySet<number>;
  /** How many of a process's sockets are TCP sockets without a row. */
  withoutRow: (pid: number, descriptors: Descriptors) => number;
}

/**
 * Tells a host's TCP sockets from other ones, for one sample after another. A socket with a row in a dump is a TCP socket. A closed one has
 * no row, and looks like a UNIX socket in /proc, so the kernel is asked for the name of its protocol. It is asked once: a socket keeps its
 * inode and its protocol.
 */
export class TcpSocketFinder {
  readonly #diag: SockDiag;
  /** The sockets without a row whose protocol is known, by inode. */
  #isTcp = new Map<number, boolean>();

  constructor(diag: SockDiag) {
    this.#diag = diag;
  }

  /** Looks at sockets that were held a moment ago. No dump is made when all of them are known to be of other kinds. */
  find(held: Iterable<number>): TcpSockets {
    const known = this.#isTcp;
    const inodes = new Set(held);
    const candidates = [...inodes].filter((inode) => known.get(inode) !== false);
    this.#isTcp = new Map([...known].filter(([inode]) => inodes.has(inode)));
    const rows = candidates.length === 0 ? new Set<number>() : this.#rowsOf(inodes);
    const isTcp = (pid: number, inode: number, descriptor: number): boolean => {
      const before = this.#isTcp.get(inode);
      if (before !== undefined) return before;
      const protocol = socketProtocol(pid, descriptor);
      // The descriptor can refer to another socket by now.
      if (protocol === null || socketOf(pid, descriptor) !== inode) return false;
      const is = protocol === "TCP" || protocol === "TCPv6";
      this.#isTcp.set(inode, is);
      return is;
    };
    return {
      rows,
      withoutRow: (pid, { sockets }) =>
        [...sockets].filter(([inode, descriptor]) => !rows.has(inode) && isTcp(pid, inode, descriptor))
          .length,
    };
  }

  #rowsOf(inodes: ReadonlySet<number>): Set<number> {
    const rows = new Set<number>();
    this.#diag.each({ states: HELD_STATES }, ({ inode }) => {
      if (inodes.has(inode)) rows.add(inode);
    });
    return rows;
  }
}
