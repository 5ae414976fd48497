import type { PortsUsed } from "../model/comparison.ts";

/** How long TIME-WAIT keeps a port: TCP_TIMEWAIT_LEN, include/net/tcp.h. */
export const TIME_WAIT_S = 60;
/** And where the kernel uses it again before: net.ipv4.tcp_tw_reuse_delay, a second. */
export const REUSED_S = 1;

/** How many ports are free again every second, when all are in use; null where nobody knows how many there are. */
export function portsPerSecond({ range, keptS }: PortsUsed): number | null {
  return range === null ? null : range / keptS;
}
