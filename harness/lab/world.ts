import { spawnSync } from "node:child_process";
import { inside, makeNamespace, releaseNamespace, type NetworkNamespace } from "../kernel/namespace.ts";
import type { HostName, Setup } from "../model/setup.ts";
import { allLinkEnds, type LinkEnd } from "./address.ts";
import { readBack, writeSysctl } from "./sysctl.ts";

/** A machine of the lab: a network namespace with its loopback up. */
export interface Host {
  name: HostName;
  namespace: NetworkNamespace;
  addresses: string[];
}

/** The hosts of a setup, linked and tuned. It ends with the process that made it, or at close(). */
export interface World {
  hosts: Map<HostName, Host>;
  /** By host, for the recording's header. */
  sysctls: Record<HostName, Record<string, string>>;
  close: () => void;
}

/** Builds a setup's hosts, links and sysctls. Throws a sentence when a part cannot be had; nothing is left then. */
export function buildWorld(setup: Setup): World {
  const hosts = new Map<HostName, Host>();
  const close = (): void => {
    for (const host of hosts.values()) releaseNamespace(host.namespace);
    hosts.clear();
  };
  try {
    for (const name of Object.keys(setup.hosts)) {
      hosts.set(name, { name, namespace: makeNamespace(name), addresses: ["127.0.0.1", "::1"] });
    }
    const links = allLinkEnds(setup.links);
    for (const host of hosts.values()) plug(host, links, hosts);
    return { hosts, sysctls: tune(setup, hosts), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Brings a host's interfaces up, with one run of ip(8). The host that is named first in a link makes the pair. */
function plug(host: Host, links: [LinkEnd, LinkEnd][], hosts: Map<HostName, Host>): void {
  const commands = ["link set lo up"];
  for (const [near, far] of links) {
    if (near.host === host.name) {
      const peer = hostNamed(far.host, hosts).namespace.fd;
      commands.push(
        `link add ${near.device} type veth peer name ${far.device} netns /proc/${process.pid}/fd/${peer}`,
      );
      commands.push(...addresses(near));
      host.addresses.push(near.ipv4, near.ipv6);
    }
    if (far.host === host.name) {
      commands.push(...addresses(far));
      host.addresses.push(far.ipv4, far.ipv6);
    }
  }
  const ip = inside(host.namespace, () =>
    spawnSync("ip", ["-batch", "-"], { input: `${commands.join("\n")}\n`, encoding: "utf8" }),
  );
  if (ip.error !== undefined)
    throw new Error(`ip(8) could not be run: ${ip.error.message}`, { cause: ip.error });
  if (ip.status !== 0) throw new Error(`ip(8) could not set up host ${host.name}: ${ip.stderr.trim()}`);
}

/** `nodad`: without it an IPv6 address is tentative for seconds, and bind() fails with EADDRNOTAVAIL. */
function addresses(end: LinkEnd): string[] {
  return [
    `address add ${end.ipv4}/24 dev ${end.device}`,
    `address add ${end.ipv6}/64 dev ${end.device} nodad`,
    `link set ${end.device} up`,
  ];
}

function tune(setup: Setup, hosts: Map<HostName, Host>): World["sysctls"] {
  const seen: World["sysctls"] = {};
  for (const [name, plan] of Object.entries(setup.hosts)) {
    const { namespace } = hostNamed(name, hosts);
    for (const [sysctl, value] of Object.entries(plan.sysctls)) writeSysctl(namespace, sysctl, value);
    seen[name] = readBack(namespace, Object.keys(plan.sysctls));
  }
  return seen;
}

/** A host by name. Throws when the setup has none of that name. */
export function hostNamed(name: HostName, hosts: Map<HostName, Host>): Host {
  const host = hosts.get(name);
  if (host === undefined)
    throw new Error(`the setup has no host ${name}; it has ${[...hosts.keys()].join(", ")}`);
  return host;
}
