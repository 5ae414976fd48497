import { makeNamespace, releaseNamespace, type NetworkNamespace } from "../kernel/namespace.ts";
import type { HostName } from "../model/names.ts";
import type { Setup } from "../model/setup.ts";
import { type Joined, joinedLinks, type LinkEnd } from "./address.ts";
import { awaitCarrier, awaitNeighbours } from "./carrier.ts";
import { deliverInOrder } from "./in-order.ts";
import { bringUp, FIRST_INDEX, link, type LinkStep, LOOPBACK_UP } from "./links.ts";
import { readBack, writeSysctl } from "./sysctl.ts";
import { makeWireHosts, type WireHost, type WireHosts } from "./wire-host.ts";

/** A host of the lab: a network namespace with its loopback up. */
export interface Host {
  name: HostName;
  namespace: NetworkNamespace;
  addresses: string[];
}

/** The hosts of a setup, with their links and sysctls. It lasts until close(), or until the process that made it ends. */
export interface World {
  hosts: Map<HostName, Host>;
  /** The hosts of the setup's wires, in the setup's order. Nothing runs in them yet. */
  wires: WireHost[];
  /** The values that were read back, by host. They are for the recording's header. */
  sysctls: Record<HostName, Record<string, string>>;
  close: () => void;
}

/** Builds a setup's hosts, links and sysctls. When a part fails, it removes everything and throws a sentence. */
export function buildWorld(setup: Setup): World {
  const hosts = new Map<HostName, Host>();
  let wireHosts: WireHosts | undefined;
  const close = (): void => {
    wireHosts?.close();
    for (const host of hosts.values()) releaseNamespace(host.namespace);
    hosts.clear();
  };
  try {
    for (const name of Object.keys(setup.hosts)) {
      const namespace = makeNamespace(name);
      hosts.set(name, { name, namespace, addresses: ["127.0.0.1", "::1"] });
      deliverInOrder(namespace);
    }
    const namespaces = new Map([...hosts].map(([name, host]) => [name, host.namespace]));
    wireHosts = makeWireHosts(setup, namespaces);
    const links = joinedLinks(setup.links);
    for (const host of hosts.values()) join(host, links, hosts);
    for (const host of hosts.values()) plug(host, links);
    awaitLinks(hosts, links, wireHosts.wires);
    return { hosts, wires: wireHosts.wires, sysctls: tune(setup, hosts), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Makes the veth pairs of a host's direct links. The first host of a link makes its pair. The pairs of wires exist already. */
function join(host: Host, links: Joined[], hosts: Map<HostName, Host>): void {
  const steps: LinkStep[] = [];
  for (const { plan, ends } of links) {
    const [near, far] = ends;
    if (plan.kind !== "direct" || near.host !== host.name) continue;
    const peer = { device: far.device, namespace: hostNamed(far.host, hosts).namespace };
    steps.push({ make: "pair", pair: { device: near.device, index: FIRST_INDEX + steps.length, peer } });
  }
  if (steps.length > 0) link(host.namespace, steps);
}

/** Brings a host's interfaces up. All of them exist already. */
function plug(host: Host, links: Joined[]): void {
  const steps: LinkStep[] = [LOOPBACK_UP];
  for (const { ends } of links) {
    for (const end of ends) {
      if (end.host !== host.name) continue;
      steps.push(...bringUp(end));
      host.addresses.push(end.ipv4, end.ipv6);
    }
  }
  link(host.namespace, steps);
}

/** Waits until all links carry packets, at both ends and in the wires between them. */
function awaitLinks(hosts: Map<HostName, Host>, links: Joined[], wires: WireHost[]): void {
  const ends = links.flatMap((joined) => joined.ends);
  const endsOf = ({ name }: Host): LinkEnd[] => ends.filter((end) => end.host === name);
  const devicesOf = (host: Host): string[] => endsOf(host).map(({ device }) => device);
  for (const host of hosts.values()) awaitCarrier(host.namespace, devicesOf(host));
  for (const { namespace, devices } of wires) {
    awaitCarrier(
      namespace,
      devices.flatMap(({ device, spare }) => (spare === null ? [device] : [device, spare])),
    );
  }
  for (const host of hosts.values()) awaitNeighbours(host.namespace, endsOf(host));
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

/** The host of a name. Throws when the setup has no such host. */
export function hostNamed(name: HostName, hosts: Map<HostName, Host>): Host {
  const host = hosts.get(name);
  if (host === undefined)
    throw new Error(`the setup has no host ${name}; it has ${[...hosts.keys()].join(", ")}`);
  return host;
}
