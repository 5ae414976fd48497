import { check, declare, lastErrno, SystemCallError } from "../libc.ts";
import { Datagram } from "./datagram.ts";
import { NetlinkFormatError } from "./format-error.ts";
import { visitRows } from "./parse.ts";
import { dumpRequest, type DumpQuery } from "./request.ts";
import { type DiagSocket, SocketRow } from "./row.ts";

const socket = declare<(family: number, type: number, protocol: number) => number>(
  "int socket(int domain, int type, int protocol)",
);
const setsockopt = declare<
  (fd: number, level: number, option: number, value: BigInt64Array, length: number) => number
>("int setsockopt(int fd, int level, int optname, const void *optval, uint32_t optlen)");
const send = declare<(fd: number, bytes: Uint8Array, length: number, flags: number) => number>(
  "intptr_t send(int fd, const void *buf, size_t len, int flags)",
);
const recv = declare<(fd: number, bytes: Uint8Array, length: number, flags: number) => number>(
  "intptr_t recv(int fd, void *buf, size_t len, int flags)",
);
const close = declare<(fd: number) => number>("int close(int fd)");

/** include/linux/socket.h, include/linux/net.h, include/uapi/linux/netlink.h. */
const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const NETLINK_SOCK_DIAG = 4;
/** include/uapi/asm-generic/socket.h; on 64-bit machines SO_RCVTIMEO is SO_RCVTIMEO_OLD, with a struct timeval of two longs. */
const SOL_SOCKET = 1;
const SO_RCVTIMEO = 20;
/** include/linux/socket.h: recv answers with a datagram's whole length, however much of it had room. */
const MSG_TRUNC = 0x20;

/** A dump's datagram has at most 32 KiB (netlink_recvmsg, net/netlink/af_netlink.c). */
const DATAGRAM_BYTES = 32 * 1024;
/** The kernel answers while it is asked. If it does not, that is an error, not a hang. */
const ANSWER_WITHIN_SECONDS = 10n;

/**
 * A NETLINK_SOCK_DIAG socket. It belongs to the network namespace that the thread was in when it was made, and goes on
 * showing that one wherever the thread goes: make it under `inside(namespace, ...)`. Needs no privilege.
 *
 * A dump is not a snapshot: the kernel walks its table a datagram at a time while connections go on. A connection stays
 * in its place of the table for life, so it is met once, in one state; but two ends on one machine lie in two places and
 * may be met at two moments.
 */
export class SockDiag {
  #fd: number;
  #sequence = 0;
  readonly #datagram = new Datagram(DATAGRAM_BYTES);
  readonly #row = new SocketRow(this.#datagram);

  /** Errors: SystemCallError (EPROTONOSUPPORT: the kernel has no CONFIG_INET_DIAG). */
  constructor() {
    this.#fd = check(
      socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG),
      "socket(AF_NETLINK, NETLINK_SOCK_DIAG)",
      "opening the kernel's socket diagnosis",
    );
    const timeout = new BigInt64Array([ANSWER_WITHIN_SECONDS, 0n]);
    check(
      setsockopt(this.#fd, SOL_SOCKET, SO_RCVTIMEO, timeout, 16),
      "setsockopt(SO_RCVTIMEO)",
      "socket diagnosis",
    );
  }

  /**
   * Dumps once and shows the visitor each socket through one row that moves: LISTEN rows first, then the others in no
   * order. The visitor must not keep the row, and must not dump.
   *
   * Errors: SystemCallError and NetlinkFormatError. What is left of a dump that broke off is not read: the socket is
   * closed then, and dumps no more.
   */
  each(query: DumpQuery, visit: (row: SocketRow) => void): void {
    if (this.#fd < 0) throw new Error("this socket diagnosis is closed: make another one");
    this.#sequence = (this.#sequence + 1) >>> 0;
    const request = dumpRequest(query, this.#sequence);
    try {
      check(send(this.#fd, request, request.length, 0), "send", "asking for a dump of TCP sockets");
      while (!visitRows(this.#datagram, this.#receive(), this.#sequence, this.#row, visit));
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
    if (this.#fd < 0) return;
    close(this.#fd);
    this.#fd = -1;
  }

  #receive(): number {
    const { bytes } = this.#datagram;
    for (;;) {
      const length = recv(this.#fd, bytes, bytes.length, MSG_TRUNC);
      if (length > bytes.length) {
        throw new NetlinkFormatError(`a datagram of ${length} bytes was cut off at ${bytes.length}`);
      }
      if (length >= 0) return length;
      const error = new SystemCallError("recv", lastErrno(), "reading a dump of TCP sockets");
      // A signal may come in between (signal(7): a socket with a receive timeout is never restarted).
      if (error.code !== "EINTR") throw error;
    }
  }
}
