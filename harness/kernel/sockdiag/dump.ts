import { NetlinkSocket } from "../netlink/socket.ts";
import { visitRows } from "./parse.ts";
import { dumpRequest, type DumpQuery } from "./request.ts";
import { type DiagSocket, SocketRow } from "./row.ts";

/** A dump's datagram has at most 32 KiB (netlink_recvmsg, net/netlink/af_netlink.c). */
const DATAGRAM_BYTES = 32 * 1024;

/**
 * A NETLINK_SOCK_DIAG socket. It shows the network namespace that the thread was in when the socket was made, also after the
 * thread has left it. So make it in `inside(namespace, ...)`. It needs no privilege.
 *
 * A dump is not a snapshot: the kernel walks its table one datagram at a time, while connections change. A connection keeps its
 * place in the table, so a dump has it once, in one state. But the two ends of a connection on one machine have two places in
 * the table, and can be read at two moments.
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
   * Makes one dump and visits each socket: LISTEN rows first, then the others in no particular order. All visits get the same
   * row object, so the visitor must not keep it. The visitor must not start another dump.
   *
   * Errors: SystemCallError and NetlinkFormatError. The rest of an aborted dump is not read: the socket is closed, and cannot
   * dump again.
   */
  each(query: DumpQuery, visit: (row: SocketRow) => void): void {
    if (this.#socket.closed) throw new Error("this SockDiag is closed: make another one");
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

  /** Makes one dump and returns every socket as an object. For a census of many sockets, `each` is much cheaper. */
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
