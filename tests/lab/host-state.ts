import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Of the machine, what a lab must leave as it was. */
export interface HostState {
  sysctls: Record<string, string>;
  interfaces: string;
  nftables: string;
}

/** Sysctls that move by themselves, whoever runs. */
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
      // Write-only: nothing to compare.
    }
  }
  return {
    sysctls,
    // A lease counts down by itself.
    interfaces: run("ip", ["-details", "address", "show"]).replaceAll(/(valid|preferred)_lft \S+/g, ""),
    nftables: run("nft", ["list", "ruleset"]),
  };
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
