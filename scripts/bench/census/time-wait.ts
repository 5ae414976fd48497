import { writeFileSync } from "node:fs";
import { socketAddress } from "../../../harness/kernel/address.ts";
import { check, declare } from "../../../harness/kernel/libc.ts";
import { bind, close, connect, EINPROGRESS, socket } from "../../../harness/kernel/socket.ts";

const listen = declare<(fd: number, backlog: number) => number>("int listen(int fd, int backlog)");
const accept = declare<(fd: number, address: null, length: null) => number>(
  "int accept(int fd, void *addr, void *addrlen)",
);

/** Several ports, because connect() takes long to find a free local one when half of the range is in use towards one. */
const PORTS = Array.from({ length: 8 }, (_, i) => 7001 + i);

/**
 * Makes TIME-WAIT sockets on the loopback of this namespace, all on the connecting side: one connection after the other,
 * opened, accepted, closed by the client and then by the server. About 50 us each.
 */
export class TimeWaitMaker {
  readonly #listeners = PORTS.map((port) => listenAt(port));
  #made = 0;

  constructor() {
    const sysctls = { ip_local_port_range: "10000 65535", tcp_tw_reuse: "0", tcp_max_tw_buckets: "65536" };
    for (const [name, value] of Object.entries(sysctls)) writeFileSync(`/proc/sys/net/ipv4/${name}`, value);
  }

  /** How many have been made. They last 60 seconds each (TCP_TIMEWAIT_LEN, include/net/tcp.h). */
  get made(): number {
    return this.#made;
  }

  makeUpTo(count: number): void {
    for (; this.#made < count; this.#made += 1) this.#make(this.#listeners[this.#made % PORTS.length]!);
  }

  #make({ fd, address }: Listener): void {
    const client = must(socket(address.family), "socket");
    const connected = connect(client, address);
    // On loopback the handshake is over when the call returns, though a non-blocking one does not say so.
    if (connected !== EINPROGRESS) must(connected, "connect");
    const accepted = check(accept(fd, null, null), "accept", `connection ${this.#made}`);
    close(client);
    close(accepted);
  }
}

interface Listener {
  fd: number;
  address: ReturnType<typeof socketAddress>;
}

function listenAt(port: number): Listener {
  const address = socketAddress("127.0.0.1", port);
  const fd = must(socket(address.family), "socket");
  must(bind(fd, address), "bind");
  check(listen(fd, 64), "listen", `port ${port}`);
  return { fd, address };
}

/** These calls answer minus the errno. */
function must(result: number, call: string): number {
  if (result < 0) throw new Error(`${call} failed with errno ${-result}`);
  return result;
}
