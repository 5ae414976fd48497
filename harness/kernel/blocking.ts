import type { SocketAddress } from "./address.ts";
import { portOf } from "./address.ts";
import { check, declare, orErrno } from "./libc.ts";

// Blocking calls on sockets, for programs that only make one call after another. While such a call waits, nothing else in the
// process runs, not even signal handlers. Like the calls of socket.ts, they return minus the errno on failure.

const socket_ = declare<(family: number, type: number, protocol: number) => number>(
  "int socket(int domain, int type, int protocol)",
);
const listen_ = declare<(fd: number, backlog: number) => number>("int listen(int fd, int backlog)");
const accept4 = declare<(fd: number, address: null, length: null, flags: number) => number>(
  "int accept4(int fd, void *addr, void *addrlen, int flags)",
);
const sendto = declare<
  (
    ...call: [
      fd: number,
      bytes: Uint8Array,
      length: number,
      flags: number,
      to: Buffer | null,
      toLength: number,
    ]
  ) => number
>("intptr_t sendto(int fd, const void *buf, size_t len, int flags, const void *addr, uint32_t addrlen)");
const getpeername = declare<(fd: number, address: Buffer, length: Uint32Array) => number>(
  "int getpeername(int fd, void *addr, uint32_t *addrlen)",
);
const ioctl = declare<(fd: number, request: number, argument: Int32Array) => number>(
  "int ioctl(int fd, unsigned long request, void *argument)",
);
const ppoll = declare<
  (fds: Int32Array, count: number, timeout: BigInt64Array | null, signals: null) => number
>("int ppoll(void *fds, unsigned long nfds, const void *timeout, const void *sigmask)");

/** include/linux/net.h; O_CLOEXEC of include/uapi/asm-generic/fcntl.h (x64, arm64, riscv64). */
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2000000;
/** include/linux/socket.h: do not wait; raise no SIGPIPE; connect and send in one call (RFC 7413). */
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const MSG_FASTOPEN = 0x20000000;
/** include/uapi/asm-generic/ioctls.h. */
const FIONBIO = 0x5421;
/** include/uapi/asm-generic/poll.h. */
const POLLOUT = 0x4;

/** Opens a blocking, close-on-exec TCP socket. Returns its descriptor, or -EMFILE, -ENFILE, -ENOBUFS (socket(2)). */
export function blockingSocket(family: SocketAddress["family"]): number {
  return orErrno(socket_(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

/** Sets whether calls on a socket block (FIONBIO, ioctl_tty(2)). After a connect that does not block, the local port is known at once. */
export function setBlocking(fd: number, waits: boolean): void {
  check(ioctl(fd, FIONBIO, Int32Array.of(waits ? 0 : 1)), "ioctl(FIONBIO)", `descriptor ${fd}`);
}

/** Waits without a limit until a socket can be written to or has failed (ppoll(2)). */
export function waitUntilWritable(fd: number): void {
  while (ppoll(writability(fd), 1, null, null) < 0);
}

/** Waits until a socket can be written to or has failed, but no longer than `ms`. Returns whether it is so. A signal restarts the wait. */
export function isWritableWithin(fd: number, ms: number): boolean {
  for (;;) {
    // struct timespec: seconds and nanoseconds (64 bits each on the machines that Node runs on).
    const ready = ppoll(writability(fd), 1, BigInt64Array.of(0n, BigInt(ms) * 1_000_000n), null);
    if (ready >= 0) return ready > 0;
  }
}

/** struct pollfd: int fd; short events; short revents. */
function writability(fd: number): Int32Array {
  const one = new Int32Array(2);
  one[0] = fd;
  new Int16Array(one.buffer)[2] = POLLOUT;
  return one;
}

/** 0, or -EADDRINUSE (listen(2)). */
export function listen(fd: number, backlog: number): number {
  return orErrno(listen_(fd, backlog));
}

/** Waits for a connection. Returns its descriptor, or -EMFILE, -ECONNABORTED or another error of accept(2). */
export function accept(fd: number): number {
  return orErrno(accept4(fd, null, null, SOCK_CLOEXEC));
}

/** Sends as many of the bytes as the kernel takes without waiting. Returns their number, or -EAGAIN, -EPIPE, -ECONNRESET (send(2)). */
export function offer(fd: number, bytes: Uint8Array): number {
  return orErrno(sendto(fd, bytes, bytes.length, MSG_NOSIGNAL | MSG_DONTWAIT, null, 0));
}

/**
 * Connects and sends in one call (MSG_FASTOPEN, tcp(7)). If the kernel has a cookie, the bytes go into the SYN. Returns the number
 * of bytes that the kernel took, or an error of connect or send, or -EOPNOTSUPP where net.ipv4.tcp_fastopen does not allow it.
 */
export function connectAndSend(fd: number, bytes: Buffer, to: SocketAddress): number {
  const flags = MSG_NOSIGNAL | MSG_FASTOPEN;
  return orErrno(sendto(fd, bytes, bytes.length, flags, to.bytes, to.bytes.length));
}

/** The port of the other end, or -ENOTCONN (getpeername(2)). */
export function remotePort(fd: number): number {
  const name = Buffer.alloc(28);
  const result = orErrno(getpeername(fd, name, Uint32Array.of(name.length)));
  return result < 0 ? result : portOf(name);
}
