import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { inside, type NetworkNamespace } from "../kernel/namespace.ts";

/**
 * The sysctls that belong to a network namespace: those that net/ipv4/sysctl_net_ipv4.c (ipv4_net_table),
 * net/core/sysctl_net_core.c (netns_core_table), net/ipv6 and net/netfilter register for every namespace.
 */
const OWN = [
  /^net\.ipv4\.tcp_[a-z0-9_]+$/,
  /^net\.ipv4\.ip_(local_port_range|local_reserved_ports|unprivileged_port_start|nonlocal_bind|forward|no_pmtu_disc)$/,
  /^net\.ipv4\.(conf|neigh)\.[a-z0-9]+\.[a-z0-9_]+$/,
  /^net\.ipv4\.icmp_[a-z_]+$/,
  /^net\.ipv6\.conf\.[a-z0-9]+\.[a-z0-9_]+$/,
  /^net\.core\.somaxconn$/,
  /^net\.netfilter\.nf_conntrack_tcp_[a-z_]+$/,
];

/** Sysctls that look like a namespace's own, but belong to the whole machine or can load a module into its kernel. */
const HOST_WIDE = new Set([
  "net.ipv4.tcp_congestion_control",
  "net.ipv4.tcp_mem",
  "net.ipv4.tcp_max_orphans",
  "net.ipv4.tcp_low_latency",
  "net.ipv4.tcp_allowed_congestion_control",
  "net.ipv4.tcp_available_congestion_control",
  "net.ipv4.tcp_available_ulp",
]);

/** Every recording has the values of these, where the kernel has them: an outcome often depends on a sysctl that nobody set. */
const EXPLAINING = [
  "net.core.rps_default_mask",
  "net.core.somaxconn",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.tcp_abort_on_overflow",
  "net.ipv4.tcp_ehash_entries",
  "net.ipv4.tcp_fastopen",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_max_syn_backlog",
  "net.ipv4.tcp_max_tw_buckets",
  "net.ipv4.tcp_orphan_retries",
  "net.ipv4.tcp_retries2",
  "net.ipv4.tcp_syn_linear_timeouts",
  "net.ipv4.tcp_syn_retries",
  "net.ipv4.tcp_synack_retries",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_timestamps",
  "net.ipv4.tcp_tw_reuse",
];

/** Why a sysctl may not be written in a lab; null when it may be. */
export function refusal(name: string): string | null {
  if (HOST_WIDE.has(name)) {
    return `${name} concerns the whole machine, not only a network namespace: an experiment on it needs a separate machine`;
  }
  if (!OWN.some((pattern) => pattern.test(name))) {
    return `${name} is not among the sysctls known to belong to a network namespace: a lab never changes the host`;
  }
  return null;
}

/** The sysctls of `net.ipv4` and `net.core` that this kernel has, and that a lab may write. */
export function sysctlNames(): string[] {
  const names = ["net.ipv4", "net.core"].flatMap((folder) =>
    readdirSync(sysctlPath(folder)).map((name) => `${folder}.${name}`),
  );
  return names.filter((name) => refusal(name) === null);
}

/**
 * Writes a sysctl of a host's namespace and reads it back. Throws when the sysctl does not belong to a namespace, when the
 * kernel hides it from this namespace, or when it reads back with another value.
 */
export function writeSysctl(namespace: NetworkNamespace, name: string, value: string): void {
  const refused = refusal(name);
  if (refused !== null) throw new Error(refused);
  try {
    inside(namespace, () => writeFileSync(sysctlPath(name), value));
  } catch (error) {
    throw new Error(`${name} = ${value} could not be written in host ${namespace.name}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  const written = readSysctl(namespace, name);
  if (written !== words(value)) {
    throw new Error(`${name} in host ${namespace.name} was set to ${value} and reads back as ${written}`);
  }
}

/** The value of a sysctl in this namespace, with white space folded to single blanks; null when it does not exist. */
function readSysctl(namespace: NetworkNamespace, name: string): string | null {
  try {
    return words(inside(namespace, () => readFileSync(sysctlPath(name), "utf8")));
  } catch {
    return null;
  }
}

/** The names of the sysctls that a recording has of a host, where the kernel has them: those that the setup sets, and those that explain outcomes. */
export function recordedSysctls(set: string[]): string[] {
  return [...new Set([...set, ...EXPLAINING])].toSorted();
}

/** The sysctls of a host for the recording's header: those that the setup sets, and those that explain outcomes. */
export function readBack(namespace: NetworkNamespace, set: string[]): Record<string, string> {
  const seen: Record<string, string> = {};
  for (const name of recordedSysctls(set)) {
    const value = readSysctl(namespace, name);
    if (value !== null) seen[name] = value;
  }
  return seen;
}

/** The file of a sysctl in /proc. It is the sysctl of the namespace that the calling thread is in. */
export function sysctlPath(name: string): string {
  return `/proc/sys/${name.replaceAll(".", "/")}`;
}

function words(value: string): string {
  return value.trim().split(/\s+/).join(" ");
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return "this kernel does not show it inside a network namespace (ENOENT)";
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") return `it is read-only here (${code})`;
  if (code === "EINVAL") return "the kernel does not accept that value (EINVAL)";
  return String(error);
}
