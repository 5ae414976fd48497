import { writeFileSync } from "node:fs";

/** Buckets of a host's table of connections: a power of two, as the kernel wants it; half a megabyte. */
const TABLE_ENTRIES = 65_536;

/**
 * Gives every host that is made from now on a table of connections of its own (ip-sysctl, tcp_child_ehash_entries; since
 * Linux 6.1). Otherwise all namespaces share the machine's: each look at the sockets of one host walks past those of all
 * others, through megabytes of empty buckets. tcp_max_tw_buckets then begins at half of the entries, tcp_max_syn_backlog at
 * an 128th, on every machine alike. Only for the first process of a lab: it writes to the namespace that it is in.
 */
export function separateTables(): void {
  if (process.pid !== 1)
    throw new Error("only the first process of a lab may set the size of its hosts' tables");
  try {
    writeFileSync("/proc/sys/net/ipv4/tcp_child_ehash_entries", String(TABLE_ENTRIES));
  } catch {
    // An older kernel: the hosts share the machine's table, and looks cost more.
  }
}
