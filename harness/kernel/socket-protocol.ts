import { declare } from "./libc.ts";

const getxattr = declare<(path: string, name: string, value: Uint8Array, size: number) => number>(
  "intptr_t getxattr(const char *path, const char *name, void *value, size_t size)",
);

/** Longer than any name in struct proto, include/net/sock.h: 32 bytes. */
const NAME = Buffer.allocUnsafe(64);

/**
 * The kernel's name of the protocol of a process's socket: `TCP`, `TCPv6`, `MPTCP`, `UDP`, `UNIX-STREAM`, `NETLINK`. It is the extended
 * attribute of a descriptor's link in /proc (sockfs_xattr_get, net/socket.c), and may be read wherever the link may. null when the
 * descriptor was closed, is no socket, or may not be read. Costs 5 us.
 */
export function socketProtocol(pid: number, descriptor: number): string | null {
  const length = getxattr(`/proc/${pid}/fd/${descriptor}`, "system.sockprotoname", NAME, NAME.length);
  // The value ends with a zero byte.
  return length < 1 ? null : NAME.toString("latin1", 0, length - 1);
}
