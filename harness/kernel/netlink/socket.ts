import { check, declare, lastErrno, SystemCallError } from "../libc.ts";
import { Datagram } from "./datagram.ts";
import { NetlinkFormatError } from "./format-error.ts";

const socket = declare<(family: number, type: number, protocol: number) => number>(
  "int socket(int domain, int type, int protocol)",
);
const setsockopt = declare<
  (...call: [fd: number, level: number, option: number, value: ArrayBufferView, length: number]) => number
>("int setsockopt(int fd, int level, int optname, const void *optval, uint32_t optlen)");
const send = declare<(fd: number, bytes: Uint8Array, length: number, flags: number) => number>(
  "intptr_t send(int fd, const void *buf, size_t len, int flags)",
);
const recv = declare<(fd: number, bytes: Uint8Array, length: number, flags: number) => number>(
  "intptr_t recv(int fd, void *buf, size_t len, int flags)",
);
const close = declare<(fd: number) => number>("int close(int fd)");

/** include/linux/socket.h, include/linux/net.h. */
const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
/** The netlink protocols in use, include/uapi/linux/netlink.h. */
const PROTOCOLS = { NETLINK_ROUTE: 0, NETLINK_SOCK_DIAG: 4 } as const;
/** Options, include/uapi/linux/netlink.h; their level SOL_NETLINK is in include/linux/socket.h. */
const SOL_NETLINK = 270;
const OPTIONS = { NETLINK_CAP_ACK: 10, NETLINK_EXT_ACK: 11 } as const;
/** include/uapi/asm-generic/socket.h; on 64-bit machines SO_RCVTIMEO is SO_RCVTIMEO_OLD, with a struct timeval of two longs. */
const SOL_SOCKET = 1;
const SO_RCVTIMEO = 20;
/** include/linux/socket.h: recv returns the whole length of a datagram, even when only a part of it had room. */
const MSG_TRUNC = 0x20;

/** The kernel answers during the request. If no answer comes within this time, that is an error and not a hang. */
const ANSWER_WITHIN_SECONDS = 10n;

/**
 * A netlink(7) socket to the kernel. It belongs to the network namespace that the thread was in when the socket was made, also
 * after the thread has left it. So make it in `inside(namespace, ...)`.
 */
export class NetlinkSocket {
  #fd: number;
  readonly #about: string;
  /** The last received datagram. */
  readonly datagram: Datagram;

  /**
   * `capacity` is the greatest length of a datagram in bytes. `about` is for error messages: what the socket is used for. Errors:
   * SystemCallError (EPROTONOSUPPORT: the kernel was built without this protocol).
   */
  constructor(protocol: keyof typeof PROTOCOLS, capacity: number, about: string) {
    this.#about = about;
    this.datagram = new Datagram(capacity);
    this.#fd = check(
      socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, PROTOCOLS[protocol]),
      `socket(AF_NETLINK, ${protocol})`,
      about,
    );
    const timeout = new BigInt64Array([ANSWER_WITHIN_SECONDS, 0n]);
    check(setsockopt(this.#fd, SOL_SOCKET, SO_RCVTIMEO, timeout, 16), "setsockopt(SO_RCVTIMEO)", about);
  }

  get closed(): boolean {
    return this.#fd < 0;
  }

  /** Switches an option of netlink(7) on. */
  turnOn(option: keyof typeof OPTIONS): void {
    const on = Int32Array.of(1);
    check(setsockopt(this.#fd, SOL_NETLINK, OPTIONS[option], on, 4), `setsockopt(${option})`, this.#about);
  }

  /** Sends one datagram of one or several messages. When this returns, the kernel has processed them. */
  send(bytes: Uint8Array): void {
    check(send(this.#fd, bytes, bytes.length, 0), "send", this.#about);
  }

  /** Waits for one datagram and puts it into `datagram`. Returns its length. Errors: EAGAIN when none comes within 10 s. */
  receive(): number {
    const { bytes } = this.datagram;
    for (;;) {
      const length = recv(this.#fd, bytes, bytes.length, MSG_TRUNC);
      if (length > bytes.length) {
        throw new NetlinkFormatError(`its ${length} bytes were cut off at ${bytes.length}`);
      }
      if (length >= 0) return length;
      const error = new SystemCallError("recv", lastErrno(), this.#about);
      // A signal can interrupt the call: with a receive timeout, the kernel never restarts it (signal(7)).
      if (error.code !== "EINTR") throw error;
    }
  }

  /** May be called again. */
  close(): void {
    if (this.closed) return;
    close(this.#fd);
    this.#fd = -1;
  }
}
