import type { Side } from "../../model/state.ts";

/** The names of the metrics that a census has, with their labels. The rules of docs/alerts.yaml are made of the same names. */
export const METRICS = {
  sockets: "lastack_sockets",
  queue: "lastack_listener_queue_connections",
  backlog: "lastack_listener_backlog_connections",
  listenerSockets: "lastack_listener_sockets",
  owner: "lastack_owner_sockets",
  destination: "lastack_destination_sockets",
  destinationPorts: "lastack_destination_ports_used",
  localPorts: "lastack_local_ports",
  timeWait: "lastack_time_wait_records",
  timeWaitLimit: "lastack_time_wait_records_limit",
  sysctl: "lastack_sysctl",
  read: "lastack_read_info",
} as const;

/** The label of both ends, and its values. */
export const END_LABEL: Record<Side, string> = { listener: "listening", connector: "connecting" };

/** The port under which ports are counted together that have no series of their own. */
export const OTHER = "other";

/**
 * The metric of a counter of nstat: `TcpExtListenOverflows` is `lastack_tcp_ext_listen_overflows_total`. Words begin at a capital; a run of
 * capitals is one word (`TCPReqQFullDrop`: `tcp_req_q_full_drop`). Prometheus wants snake case and `_total` at the end of a counter.
 */
export function counterMetric(counter: string): string {
  const words = counter
    .replaceAll(/([a-z\d])([A-Z])/g, "$1_$2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .replaceAll(/[^a-zA-Z\d]+/g, "_");
  return `lastack_${words.toLowerCase()}_total`;
}
