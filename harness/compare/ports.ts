import type { PortsUsed } from "../model/comparison.ts";

/** How long TIME-WAIT keeps a port: TCP_TIMEWAIT_LEN, include/net/tcp.h. */
export const TIME_WAIT_S = 60;
/** How long it keeps a port where the kernel reuses ports in TIME-WAIT: net.ipv4.tcp_tw_reuse_delay, a second. */
export const REUSED_S = 1;

/** How many ports become free each second when all are in use; null when the number of ports is not known. */
export function portsPerSecond({ range, keptS }: PortsUsed): number | null {
  return range === null ? null : range / keptS;
}
