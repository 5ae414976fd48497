import { constants } from "node:os";
import { portOf } from "./address.ts";
import type { SocketAddress } from "./address.ts";
import { check, declare, orErrno } from "./libc.ts";

// Calls on raw, non-blocking stream sockets. Calls that can fail in normal operation return the result or minus the errno, as the
// kernel does: a client meets thousands of these failures, and they are its data. Only calls that can fail through a mistake in
// our own code (a wrong descriptor) throw.

const socket_ = declare<(family: number, type: number, protocol: number) => number>(
  "int socket(int domain, int type, int protocol)",
);
const bind_ = declare<(fd: number, address: Buffer, length: number) => number>(
  "int bind(int fd, const void *addr, uint32_t addrlen)",
);
const connect_ = declare<(fd: number, address: Buffer, length: number) => number>(
  "int connect(int fd, const void *addr, uint32_t addrlen)",
);
// intptr_t stands for ssize_t, which koffi does not know. Both have the same size on every Linux machine.
const send_ = declare<(fd: number, bytes: Buffer, length: number, flags: number) => number>(
  "intptr_t send(int fd, const void *buf, size_t len, int flags)",
);
const recv_ = declare<(fd: number, bytes: Buffer, length: number, flags: number) => number>(
  "intptr_t recv(int fd, void *buf, size_t len, int flags)",
);
const shutdown_ = declare<(fd: number, how: number) => number>("int shutdown(int fd, int how)");
const close_ = declare<(fd: number) => number>("int close(int fd)");
const getsockopt = declare<
  (fd: number, level: number, option: number, value: Int32Array, length: Uint32Array) => number
>("int getsockopt(int fd, int level, int optname, void *optval, uint32_t *optlen)");
const setsockopt = declare<
  (fd: number, level: number, option: number, value: Int32Array, length: number) => number
>("int setsockopt(int fd, int level, int optname, const void *optval, uint32_t optlen)");
const getsockname = declare<(fd: number, address: Buffer, length: Uint32Array) => number>(
  "int getsockname(int fd, void *addr, uint32_t *addrlen)",
);

/** include/linux/net.h. The flags are O_NONBLOCK and O_CLOEXEC of include/uapi/asm-generic/fcntl.h (x64, arm64, riscv64). */
const SOCK_STREAM = 1;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
/** include/linux/socket.h: a send to a closed connection fails with EPIPE and raises no SIGPIPE. */
const MSG_NOSIGNAL = 0x4000;
/** The same file: recv() leaves the bytes where they are. */
const MSG_PEEK = 2;
/** include/uapi/asm-generic/socket.h. */
const SOL_SOCKET = 1;
const SO_ERROR = 4;
const SO_LINGER = 13;
/** include/uapi/linux/in.h and tcp.h. */
const IPPROTO_TCP = 6;
const TCP_INFO = 11;
/** shutdown(2). */
const HOW = { read: 0, write: 1, both: 2 } as const;

/** Two results that are not failures: nothing to read or no room yet, and a connection that has begun. */
export const EAGAIN = -constants.errno.EAGAIN;
export const EINPROGRESS = -constants.errno.EINPROGRESS;

/** Opens a non-blocking, close-on-exec TCP socket. Returns its descriptor, or -EMFILE, -ENFILE, -ENOBUFS (socket(2)). */
export function socket(family: SocketAddress["family"]): number {
  return orErrno(socket_(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

/** Binds a socket. Returns 0, or -EADDRINUSE, -EADDRNOTAVAIL (bind(2)). Port 0 takes any free port. */
export function bind(fd: number, address: SocketAddress): number {
  return orErrno(bind_(fd, address.bytes, address.bytes.length));
}

/**
 * Begins a connection. It nearly always returns -EINPROGRESS. The socket becomes writable when the attempt has ended, and
 * `socketError` then gives the result. Errors at once: -EADDRNOTAVAIL (no free port), -ENETUNREACH, -EINVAL, -EAGAIN (connect(2)).
 */
export function connect(fd: number, address: SocketAddress): number {
  return orErrno(connect_(fd, address.bytes, address.bytes.length));
}

/** struct sockaddr with the family AF_UNSPEC, 0 (include/linux/socket.h), as long as a struct sockaddr_in. */
const NOWHERE = Buffer.alloc(16);

/**
 * Gives a connection up, and keeps the socket: connect() with AF_UNSPEC (connect(2)). An open connection is reset (tcp_disconnect,
 * net/ipv4/tcp.c). Returns 0, or -EBADF.
 */
export function disconnect(fd: number): number {
  return orErrno(connect_(fd, NOWHERE, NOWHERE.length));
}

/** Sends from the start of `bytes`. Returns how many bytes the kernel took, or -EAGAIN, -EPIPE, -ECONNRESET (send(2)). */
export function send(fd: number, bytes: Buffer): number {
  return orErrno(send_(fd, bytes, bytes.length, MSG_NOSIGNAL));
}

/** Receives into `bytes`. Returns how many bytes, 0 at the peer's FIN, or -EAGAIN, -ECONNRESET, -ETIMEDOUT (recv(2)). */
export function recv(fd: number, bytes: Buffer): number {
  return orErrno(recv_(fd, bytes, bytes.length, 0));
}

const peeked = Buffer.alloc(1);

/**
 * Whether a connection has bytes that were not read. close() then sends an RST and no FIN (tcp_close, net/ipv4/tcp.c; RFC 2525 section
 * 2.17).
 */
export function hasUnread(fd: number): boolean {
  return recv_(fd, peeked, peeked.length, MSG_PEEK) > 0;
}

/** Shuts a socket down. Returns 0, or -ENOTCONN. `write` sends a FIN, even when other processes hold the socket, too (shutdown(2)). */
export function shutdown(fd: number, how: keyof typeof HOW): number {
  return orErrno(shutdown_(fd, HOW[how]));
}

/** Closes a descriptor. Returns 0, or -EBADF, -EIO; the descriptor is closed in any case (close(2)). */
export function close(fd: number): number {
  return orErrno(close_(fd));
}

const option = new Int32Array(2);
const optionLength = new Uint32Array(1);

/** Reads and clears the pending error of a socket: minus the errno, or 0 (SO_ERROR, socket(7)). */
export function socketError(fd: number): number {
  optionLength[0] = 4;
  check(
    getsockopt(fd, SOL_SOCKET, SO_ERROR, option, optionLength),
    "getsockopt(SO_ERROR)",
    `descriptor ${fd}`,
  );
  return 0 - (option[0] ?? 0);
}

/**
 * The state of a TCP socket, as include/net/tcp_states.h numbers it: the first byte of struct tcp_info. The kernel copies only as much of
 * the structure as fits.
 */
export function stateOf(fd: number): number {
  option[0] = 0;
  optionLength[0] = 1;
  check(
    getsockopt(fd, IPPROTO_TCP, TCP_INFO, option, optionLength),
    "getsockopt(TCP_INFO)",
    `descriptor ${fd}`,
  );
  return option[0];
}

/** Makes the next close() reset the connection: RST instead of FIN, no TIME-WAIT (SO_LINGER {1, 0}, socket(7)). */
export function lingerZero(fd: number): void {
  // struct linger, include/linux/socket.h: int l_onoff, int l_linger (seconds).
  option[0] = 1;
  option[1] = 0;
  check(setsockopt(fd, SOL_SOCKET, SO_LINGER, option, 8), "setsockopt(SO_LINGER)", `descriptor ${fd}`);
}

const name = Buffer.alloc(28);

/** The local port of a socket; 0 when it has none yet (getsockname(2)). */
export function localPort(fd: number): number {
  optionLength[0] = name.length;
  check(getsockname(fd, name, optionLength), "getsockname", `descriptor ${fd}`);
  return portOf(name);
}
