import { AF_INET, AF_INET6 } from "./address.ts";
import { LITTLE_ENDIAN } from "./byte-order.ts";
import { addressText } from "./sockdiag/text.ts";

/** A line of /proc/net/tcp or /proc/net/tcp6, with the same numbers for states and timers as a row of sock_diag. */
export interface ProcTcpRow {
  state: number;
  timer: number;
  timerMs: number;
  retransmits: number;
  localAddress: string;
  localPort: number;
  remoteAddress: string;
  remotePort: number;
  receiveQueue: number;
  sendQueue: number;
  uid: number;
  inode: number;
  isSelfConnected: boolean;
}

/** The kernel prints times in clock ticks of user space: USER_HZ is 100 on every architecture that Node.js runs on (include/asm-generic/param.h). */
const TICK_MS = 10;

/**
 * The fields of a line: `sl local remote st tx:rx tr:when retrnsmt uid timeout inode` (get_tcp4_sock, get_timewait4_sock and get_openreq4 of
 * net/ipv4/tcp_ipv4.c; the same in net/ipv6/tcp_ipv6.c). The ports are numbers, the addresses words of the machine's order.
 */
const LINE =
  /^\s*\d+: ([\dA-F]{8}|[\dA-F]{32}):([\dA-F]{4}) ([\dA-F]{8}|[\dA-F]{32}):([\dA-F]{4}) ([\dA-F]{2}) ([\dA-F]{8}):([\dA-F]{8}) ([\dA-F]{2}):([\dA-F]{8}) ([\dA-F]{8}) +(\d+) +\d+ +(\d+)/;

/**
 * The sockets in the text of /proc/PID/net/tcp or tcp6. Lines that are none, such as the heading, are skipped. At LISTEN the receive queue
 * counts the connections that wait for accept(), and the send queue is 0: the backlog is not printed.
 */
export function parseProcTcp(text: string): ProcTcpRow[] {
  return text.split("\n").flatMap((line) => {
    const match = LINE.exec(line);
    if (match === null) return [];
    const [, local = "", localPort = "", remote = "", remotePort = "", ...rest] = match;
    const [state, sendQueue, receiveQueue, timer, when, retransmits] = rest
      .slice(0, 6)
      .map((word) => Number.parseInt(word, 16));
    return {
      state: state ?? 0,
      timer: timer ?? 0,
      // jiffies_delta_to_clock_t shows an overdue timer as 0.
      timerMs: (when ?? 0) * TICK_MS,
      retransmits: retransmits ?? 0,
      localAddress: addressOf(local),
      localPort: Number.parseInt(localPort, 16),
      remoteAddress: addressOf(remote),
      remotePort: Number.parseInt(remotePort, 16),
      receiveQueue: receiveQueue ?? 0,
      sendQueue: sendQueue ?? 0,
      uid: Number(rest[6]),
      inode: Number(rest[7]),
      isSelfConnected: local === remote && localPort === remotePort,
    };
  });
}

function addressOf(words: string): string {
  const bytes = Buffer.from(words, "hex");
  if (LITTLE_ENDIAN) bytes.swap32();
  return addressText(bytes.length === 4 ? AF_INET : AF_INET6, bytes);
}
