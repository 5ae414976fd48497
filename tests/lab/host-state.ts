import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";

/** The state of the machine that a lab must not change. */
export interface HostState {
  sysctls: Record<string, string>;
  interfaces: Record<string, string>;
  nftables: string;
}

/** Sysctls that change by themselves. */
const RESTLESS = [
  /^net\/netfilter\/nf_conntrack_count$/,
  /^net\/ipv4\/inet_peer/,
  /\/(?:flush|stable_secret)$/,
];

/** Reads every net sysctl, interface and nft table of this process's network namespace. Throws where a tool is missing. */
export function readHostState(): HostState {
  const sysctls: Record<string, string> = {};
  for (const path of files("/proc/sys/net", "net")) {
    if (RESTLESS.some((pattern) => pattern.test(path))) continue;
    try {
      sysctls[path] = readFileSync(join("/proc/sys", path), "latin1");
    } catch {
      // A write-only sysctl cannot be compared.
    }
  }
  return {
    sysctls,
    interfaces: readInterfaces(),
    nftables: run("nft", ["list", "ruleset"]),
  };
}

/** The attributes of an interface that change only if somebody changes them (Documentation/ABI/testing/sysfs-class-net). */
const ATTRIBUTES = [
  ...["address", "addr_assign_type", "broadcast", "flags", "ifalias", "ifindex", "iflink", "mtu"],
  ...["netdev_group", "operstate", "proto_down", "tx_queue_len", "type"],
];

/**
 * Each interface of this process's network namespace with its attributes, and the addresses and routes of all interfaces: IPv6 addresses
 * with interface, prefix and flags (if_inet6), IPv4 addresses of the interfaces that are up, and those of all others (fib_trie). No value
 * in them counts down. Throws if /sys or /proc is not mounted.
 */
export function readInterfaces(): Record<string, string> {
  const found: Record<string, string> = {};
  for (const device of readdirSync("/sys/class/net")) {
    // An attribute that an interface does not have is empty. So are all attributes of bonding_masters, a file beside the interfaces.
    for (const attribute of ATTRIBUTES) {
      found[`${device} ${attribute}`] = readIfThere(`/sys/class/net/${device}/${attribute}`);
    }
    const master = `/sys/class/net/${device}/master`;
    if (existsSync(master)) found[`${device} master`] = readlinkSync(master);
  }
  // A kernel without IPv6 has no if_inet6. The other two files must exist, or nothing would be compared.
  found["if_inet6"] = readIfThere("/proc/thread-self/net/if_inet6");
  found["route"] = readFileSync("/proc/thread-self/net/route", "latin1");
  found["fib_trie"] = leaves(readFileSync("/proc/thread-self/net/fib_trie", "latin1"));
  found["addresses"] = JSON.stringify(networkInterfaces());
  return found;
}

/** Addresses and their routes, without the shape of the tree, which depends on the order in which they were added. */
function leaves(trie: string): string {
  const lines = trie.split("\n").map((line) => line.trim());
  return lines.filter((line) => !line.startsWith("+--")).join(" ");
}

/** Reads a file that some kernels do not have, or that some kinds of interface do not have. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

function files(folder: string, name: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const below = `${name}/${entry.name}`;
    return entry.isDirectory() ? files(join(folder, entry.name), below) : [below];
  });
}

function run(executable: string, args: string[]): string {
  return execFileSync(executable, args, { encoding: "utf8" });
}
