import { inside } from "../kernel/namespace.ts";
import { readFileSync } from "node:fs";
import { SockDiag } from "../kernel/sockdiag/dump.ts";
import { addressWords, type SocketRow } from "../kernel/sockdiag/row.ts";
import { ALL_STATES, LISTEN } from "../kernel/sockdiag/state.ts";
import type { SocketsSample } from "../model/sample.ts";
import type { ObservedHost, Observer } from "./observer.ts";
import { Classifier } from "./sockets/classifier.ts";
import { Census } from "./sockets/group.ts";
import type { Holders } from "./sockets/owners.ts";
import { parsePortRange } from "./sockets/ports.ts";
import type { Row } from "./sockets/row.ts";

/** The model's bound on examples in a group. */
const MOST_EXAMPLES = 20;

export interface SocketsOptions {
  /** The holders of each socket in the last sample of processes; null when no observer samples them. Default: null. */
  holders?: () => Holders | null;
  /** The descriptor of each socket in the first of its holders, by inode. Default: not known. */
  descriptors?: () => ReadonlyMap<number, number>;
  /** Whether the examples have an excerpt of struct tcp_info, and the groups say what was sent and received. */
  tcpInfo?: boolean;
  /** How many sockets of a group are kept as examples, at most 20. Default: 5. */
  examples?: number;
  /** Only sockets with one of these ports at either end; the kernel selects them. Default: all. */
  ports?: readonly number[];
  /** Called with every socket that is counted. The row is valid until it returns. */
  each?: (row: Row) => void;
  /** Only connections with this address at the end that has one of `ports`. Default: any address. */
  address?: string;
}

/** Samples every TCP socket of a host, IPv4 and IPv6, and counts them in groups of equal ones. */
export function observeSockets(host: ObservedHost, options: SocketsOptions = {}): Observer<SocketsSample> {
  const { holders, descriptors, tcpInfo = false, examples = 5, ports, address, each } = options;
  const { diag, range } = inside(host.namespace, () => ({
    diag: new SockDiag(),
    range: readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8"),
  }));
  const classifier = new Classifier(parsePortRange(range));
  const census = new Census(Math.min(examples, MOST_EXAMPLES), classifier, { hasTcpInfo: tcpInfo });
  const query = { states: ALL_STATES, tcpInfo, ...(ports !== undefined && { ports }) };
  const isMeant = address === undefined ? () => true : serviceAt(address, ports ?? []);
  return {
    name: "sockets",
    costs:
      "0.06 ms per sample to walk through the host's own table of connections, or 0.2 to 0.6 ms where all hosts share the " +
      "machine's table. In addition 0.4 us for each socket in TIME-WAIT and 0.9 us for each full socket; with tcpInfo half as " +
      "much again (30,000 TIME-WAIT: 12 ms).",
    cannotSee:
      "CLOSED has no row. A dump is not a snapshot: it has each socket once, but the two ends of a connection on one host can " +
      "be read at two moments. A socket that existed only between two samples is missing. The side of a socket follows from " +
      "the ports that have a listener, or had one since the first sample. If its listener had closed before that, the side " +
      "follows from which of the two ports is in the range that the kernel gives to connect(); if that does not decide it, the " +
      "side is connector. Owners come from the last sample of processes; a socket that none of those processes held is " +
      "`unseen`. A connection in the accept queue has no inode, and so no owner. Queues count sequence numbers: a FIN that " +
      "the program has not read yet counts as one byte, and so does a SYN or FIN that is not acknowledged. A delayed " +
      "acknowledgement shows as the timer `delack` since Linux 7, when no other timer runs, and as `none` on older kernels. A " +
      "state or timer of a later kernel is shown by its number, as `unknown-N`.",
    look: (moment) => {
      classifier.begin(holders?.() ?? null);
      census.begin(descriptors?.());
      diag.each(query, (row) => {
        if (!isMeant(row)) return;
        classifier.learn(row);
        census.add(row);
        each?.(row);
      });
      return { kind: "sockets", ...moment, host: host.name, groups: census.groups() };
    },
    close: () => diag.close(),
  };
}

/** Whether a row is an end of a connection to a service's address, or listens on its port. The sides follow from the listeners. */
function serviceAt(address: string, ports: readonly number[]): (row: SocketRow) => boolean {
  const words = addressWords(address);
  return (row) =>
    row.state === LISTEN ||
    (ports.includes(row.remotePort) && row.isRemotely(words)) ||
    (ports.includes(row.localPort) && row.isLocally(words));
}
