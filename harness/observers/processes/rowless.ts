import { socketProtocol } from "../../kernel/socket-protocol.ts";
import type { Holders } from "../sockets/owners.ts";
import { type Descriptors, socketOf } from "./proc.ts";

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
  /** The sockets without a row whose protocol is known, by inode. */
  #isTcp = new Map<number, boolean>();

  /**
   * Looks at sockets that were held a moment ago. `rowsOf` returns those that have a row in a dump; it is not asked when all of them are
   * known to be of other kinds. The dump is made after the descriptors were read: a socket that was closed in between is not mistaken for
   * one without a row.
   */
  find(held: Holders, rowsOf: (held: Holders) => ReadonlySet<number>): TcpSockets {
    const known = this.#isTcp;
    const isCandidate = [...held.keys()].some((inode) => known.get(inode) !== false);
    this.#isTcp = new Map([...known].filter(([inode]) => held.has(inode)));
    const rows = isCandidate ? rowsOf(held) : new Set<number>();
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
}
