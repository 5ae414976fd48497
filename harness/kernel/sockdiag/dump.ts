import { NetlinkSocket } from "../netlink/socket.ts";
import { visitRows } from "./parse.ts";
import { dumpRequest, type DumpQuery } from "./request.ts";
import { type DiagSocket, SocketRow } from "./row.ts";

/** A dump's datagram has at most 32 KiB (netlink_recvmsg, net/netlink/af_netlink.c). */
const DATAGRAM_BYTES = 32 * 1024;

/**
 * A NETLINK_SOCK_DIAG socket. It belongs to the network namespace that the thread was in when it was made, and goes on
 * showing that one wherever the thread goes: make it under `inside(namespace, ...)`. Needs no privilege.
 *
 * A dump is not a snapshot: the kernel walks its table a datagram at a time while connections go on. A connection stays
 * in its place of the table for life, so it is met once, in one state; but two ends on one machine lie in two places and
 * may be met at two moments.
 */
export class SockDiag {
  readonly #socket: NetlinkSocket;
  readonly #row: SocketRow;
  #sequence = 0;

  /** Errors: SystemCallError (EPROTONOSUPPORT: the kernel has no CONFIG_INET_DIAG). */
  constructor() {
    this.#socket = new NetlinkSocket("NETLINK_SOCK_DIAG", DATAGRAM_BYTES, "asking for a dump of TCP sockets");
    this.#row = new SocketRow(this.#socket.datagram);
  }

  /**
   * Dumps once and shows the visitor each socket through one row that moves: LISTEN rows first, then the others in no
   * order. The visitor must not keep the row, and must not dump.
   *
   * Errors: SystemCallError and NetlinkFormatError. What is left of a dump that broke off is not read: the socket is
   * closed then, and dumps no more.
   */
  each(query: DumpQuery, visit: (row: SocketRow) => void): void {
    if (this.#socket.closed) throw new Error("this socket diagnosis is closed: make another one");
    this.#sequence = (this.#sequence + 1) >>> 0;
    const request = dumpRequest(query, this.#sequence);
    try {
      this.#socket.send(request);
      while (!visitRows(this.#socket.datagram, this.#socket.receive(), this.#sequence, this.#row, visit));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Dumps once and keeps every socket as an object. For a census of many, `each` costs a fraction. */
  sockets(query: DumpQuery): DiagSocket[] {
    const sockets: DiagSocket[] = [];
    this.each(query, (row) => sockets.push(row.copy()));
    return sockets;
  }

  /** May be called again. */
  close(): void {
    this.#socket.close();
  }
}
