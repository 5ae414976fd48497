import { writeFileSync } from "node:fs";

/** Buckets of a host's connection table. The kernel requires a power of two. This many take half a megabyte. */
const TABLE_ENTRIES = 65_536;

/**
 * Gives every host that is made from now on its own connection table (ip-sysctl, tcp_child_ehash_entries; since Linux 6.1).
 * Otherwise all namespaces share the machine's table, and each dump of one host's sockets walks through the sockets of all
 * hosts and through megabytes of empty buckets. With its own table, a host's tcp_max_tw_buckets starts at half of the entries
 * and tcp_max_syn_backlog at a 128th, on every machine. Only the first process of a lab may call this, because it writes to the
 * namespace that the process is in.
 */
export function separateTables(): void {
  if (process.pid !== 1)
    throw new Error("only the first process of a lab may set the size of the hosts' connection tables");
  try {
    writeFileSync("/proc/sys/net/ipv4/tcp_child_ehash_entries", String(TABLE_ENTRIES));
  } catch {
    // An older kernel: the hosts share the machine's table, and each dump costs more.
  }
}
