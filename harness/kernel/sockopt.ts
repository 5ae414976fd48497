import type { Server, Socket } from "node:net";
import { check, declare } from "./libc.ts";
import { parseTcpInfo, type TcpInfo } from "./tcpinfo.ts";

const getsockopt = declare<
  (fd: number, level: number, option: number, value: Int32Array | Uint8Array, length: Uint32Array) => number
>("int getsockopt(int fd, int level, int optname, void *optval, uint32_t *optlen)");
const setsockopt = declare<
  (fd: number, level: number, option: number, value: Int32Array, length: number) => number
>("int setsockopt(int fd, int level, int optname, const void *optval, uint32_t optlen)");

/** include/uapi/asm-generic/socket.h (x64, arm64, riscv64) and include/uapi/linux/in.h. */
const SOL_SOCKET = 1;
const IPPROTO_TCP = 6;
/** include/uapi/asm-generic/socket.h. */
const SO_LINGER = 13;
/** include/uapi/linux/tcp.h. */
const TCP_INFO = 11;
const TCP_FASTOPEN_KEY = 33;
/** include/net/tcp.h, TCP_FASTOPEN_KEY_LENGTH. */
const FAST_OPEN_KEY_BYTES = 16;

/** The options whose value is one int: [level, number], from the headers above. */
const NUMBERS = {
  /** 0 or 1: a port can be bound while old connections on it are still in TIME-WAIT. */
  SO_REUSEADDR: [SOL_SOCKET, 2],
  /** Bytes of the send and the receive buffer. The kernel doubles the value that is set, because its own data counts, too. */
  SO_SNDBUF: [SOL_SOCKET, 7],
  SO_RCVBUF: [SOL_SOCKET, 8],
  /** 0 or 1: keep-alive probes on an idle connection. */
  SO_KEEPALIVE: [SOL_SOCKET, 9],
  /** 0 or 1: small segments do not wait for the acknowledgement of the one before. */
  TCP_NODELAY: [IPPROTO_TCP, 1],
  /** Bytes: the largest segment to send, and the announced MSS. */
  TCP_MAXSEG: [IPPROTO_TCP, 2],
  /** 0 or 1: only full segments are sent, for at most 200 ms. */
  TCP_CORK: [IPPROTO_TCP, 3],
  /** Seconds of silence before the first keep-alive probe. */
  TCP_KEEPIDLE: [IPPROTO_TCP, 4],
  /** Seconds between keep-alive probes. */
  TCP_KEEPINTVL: [IPPROTO_TCP, 5],
  /** How many unanswered probes end the connection. */
  TCP_KEEPCNT: [IPPROTO_TCP, 6],
  /** How often a SYN is repeated. */
  TCP_SYNCNT: [IPPROTO_TCP, 7],
  /** Seconds that an orphan stays in FIN-WAIT-2; -1 means not at all. */
  TCP_LINGER2: [IPPROTO_TCP, 8],
  /** Seconds for which a listener waits for data before it lets a connection be accepted. */
  TCP_DEFER_ACCEPT: [IPPROTO_TCP, 9],
  /** 0 or 1: acknowledgements are sent at once. The kernel can switch it off again by itself. */
  TCP_QUICKACK: [IPPROTO_TCP, 12],
  /** Milliseconds that sent data may stay unacknowledged before the connection ends; 0 means the kernel's number of retries. */
  TCP_USER_TIMEOUT: [IPPROTO_TCP, 18],
  /** At a listener: how many connections with data in their SYN may wait for the end of the handshake. */
  TCP_FASTOPEN: [IPPROTO_TCP, 23],
  /** 0 or 1: when the kernel has a cookie, connect() sends nothing, and the first write goes into the SYN. */
  TCP_FASTOPEN_CONNECT: [IPPROTO_TCP, 30],
} as const satisfies Record<string, readonly [level: number, option: number]>;

/** The names of these options. */
export const NUMBER_OPTIONS = Object.keys(NUMBERS) as NumberOption[];

export type NumberOption = keyof typeof NUMBERS;

/** The value of an option, in the option's unit (tcp(7), socket(7)). Errors: EBADF, ENOTSOCK, ENOPROTOOPT. */
export function getOption(fd: number, option: NumberOption): number {
  const [level, number] = NUMBERS[option];
  const value = new Int32Array(1);
  const length = new Uint32Array([4]);
  check(getsockopt(fd, level, number, value, length), `getsockopt(${option})`, `descriptor ${fd}`);
  return value[0]!;
}

/** Sets an option, in the option's unit. Errors: those of getOption, and EINVAL for a value out of range. */
export function setOption(fd: number, option: NumberOption, value: number): void {
  const [level, number] = NUMBERS[option];
  const result = setsockopt(fd, level, number, new Int32Array([value]), 4);
  check(result, `setsockopt(${option})`, `${value} on descriptor ${fd}`);
}

/** struct linger, include/linux/socket.h. `off` is the default: close() returns, and the kernel goes on sending. */
export type Linger = "off" | { seconds: number };

/** SO_LINGER (socket(7)). */
export function getLinger(fd: number): Linger {
  const linger = new Int32Array(2);
  const length = new Uint32Array([8]);
  check(getsockopt(fd, SOL_SOCKET, SO_LINGER, linger, length), "getsockopt(SO_LINGER)", `descriptor ${fd}`);
  return linger[0] === 0 ? "off" : { seconds: linger[1]! };
}

/**
 * SO_LINGER (socket(7)). With `{ seconds: 0 }`, close() resets the connection: RST, no FIN, no TIME-WAIT, and unsent data is
 * lost. With more seconds, close() waits for the acknowledgement. On a Node socket's descriptor, that blocks the event loop.
 */
export function setLinger(fd: number, linger: Linger): void {
  const value = new Int32Array(linger === "off" ? [0, 0] : [1, linger.seconds]);
  check(setsockopt(fd, SOL_SOCKET, SO_LINGER, value, 8), "setsockopt(SO_LINGER)", `descriptor ${fd}`);
}

/** include/uapi/linux/tcp.h: TCP_REPAIR, TCP_REPAIR_OFF_NO_WP; TCP_REPAIR_QUEUE, TCP_SEND_QUEUE; TCP_QUEUE_SEQ. */
const REPAIR = 19;
const REPAIR_OFF = -1;
const REPAIR_QUEUE = 20;
const SEND_QUEUE = 2;
const QUEUE_SEQUENCE = 21;

/**
 * Sets the sequence number of the SYN that a socket will send, from 1 to 2^31 - 1, in place of one from the kernel's clock. The
 * socket must not be connected yet. Checkpoint restore uses the same options (net/ipv4/tcp.c, do_tcp_setsockopt). It undoes
 * SO_REUSEADDR. Errors: EPERM without CAP_NET_ADMIN in the socket's network namespace, and when the socket is connected.
 */
export function setFirstSequence(fd: number, sequence: number): void {
  const set = (option: number, value: number): void => {
    const result = setsockopt(fd, IPPROTO_TCP, option, new Int32Array([value]), 4);
    check(result, "setsockopt(TCP_REPAIR)", `sequence number ${sequence} on descriptor ${fd}`);
  };
  set(REPAIR, 1);
  try {
    set(REPAIR_QUEUE, SEND_QUEUE);
    set(QUEUE_SEQUENCE, sequence);
  } finally {
    set(REPAIR, REPAIR_OFF);
  }
}

/**
 * Gives a listener its own key for Fast Open cookies (TCP_FASTOPEN_KEY): 16 bytes, all of one value from 0 to 255. Without it, all
 * listeners of a host share the host's key. Errors: EBADF, ENOTSOCK.
 */
export function setFastOpenKey(fd: number, byte: number): void {
  const key = new Int32Array(new Uint8Array(FAST_OPEN_KEY_BYTES).fill(byte).buffer);
  const result = setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_KEY, key, FAST_OPEN_KEY_BYTES);
  check(result, "setsockopt(TCP_FASTOPEN_KEY)", `descriptor ${fd}`);
}

/** The kernel's figures of this connection. Errors: EBADF, ENOTSOCK, EOPNOTSUPP (not TCP). */
export function getTcpInfo(fd: number): TcpInfo {
  const bytes = new Uint8Array(512);
  const length = new Uint32Array([bytes.length]);
  check(getsockopt(fd, IPPROTO_TCP, TCP_INFO, bytes, length), "getsockopt(TCP_INFO)", `descriptor ${fd}`);
  return parseTcpInfo(bytes.subarray(0, length[0]));
}

/**
 * The descriptor of a Node socket or server. Node has no API for it, but libuv's handle has it as `_handle.fd` as soon as the
 * kernel's socket exists. While connecting, that is one tick after `connect()`. Throws a TypeError when there is no descriptor
 * yet or any more.
 */
export function descriptorOf(socket: Socket | Server): number {
  const handle = (socket as unknown as { _handle?: { fd?: unknown } | null })._handle;
  const fd = handle?.fd;
  if (typeof fd !== "number" || fd < 0) {
    throw new TypeError(
      "this socket has no descriptor: it is not connected or listening yet, or closed, or not a socket of the kernel",
    );
  }
  return fd;
}
