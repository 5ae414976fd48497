import { readlinkSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { currentNamespace } from "../kernel/namespace.ts";
import { joinedLinks } from "../lab/address.ts";
import { readBack } from "../lab/sysctl.ts";
import type { Host, World } from "../lab/world.ts";
import type { HostName } from "../model/names.ts";
import type { Setup } from "../model/setup.ts";
import { SHARED_NAMESPACES } from "./message.ts";

/**
 * The world of one host of a setup: this process is in it. Throws a sentence when the setup needs something that is not possible
 * in containers, or when the host's addresses or sysctls are missing here.
 */
export function worldHere(host: HostName, setup: Setup): World {
  const unfit = whyUnfit(setup);
  if (unfit !== null) throw new Error(unfit);
  const plan = setup.hosts[host];
  if (plan === undefined)
    throw new Error(`the setup has no host ${host}; it has ${Object.keys(setup.hosts).join(", ")}`);
  const addresses = Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).map((one) => one.address),
  );
  const missing = addressesOf(host, setup).filter((address) => !addresses.includes(address));
  if (missing.length > 0) {
    throw new Error(
      `the observer of ${host} has ${addresses.join(", ") || "no address"}, but needs ${missing.join(", ")}: ` +
        `is it in the network namespace of ${host} (network_mode), and is the address set there (ipv4_address)?`,
    );
  }
  const namespace = currentNamespace(host);
  const sysctls = readBack(namespace, Object.keys(plan.sysctls));
  const wrong = Object.entries(plan.sysctls).filter(([name, value]) => sysctls[name] !== value);
  if (wrong.length > 0) {
    const words = wrong.map(
      ([name, value]) => `${name} is ${sysctls[name] ?? "missing"}, but must be ${value}`,
    );
    throw new Error(`host ${host}: ${words.join("; ")}: set it under sysctls in the compose file`);
  }
  return {
    hosts: new Map([[host, { name: host, namespace, addresses }]]),
    wires: [],
    sysctls: { [host]: sysctls },
    close: () => {},
  };
}

/** A world in which every host of a setup is this one. Programs are started here; of the other hosts, only the names are used. */
export function worldOfPrograms(setup: Setup): World {
  const namespace = currentNamespace("here");
  const hosts = Object.keys(setup.hosts).map((name): Host => ({ name, namespace, addresses: [] }));
  return { hosts: new Map(hosts.map((host) => [host.name, host])), wires: [], sysctls: {}, close: () => {} };
}

/** This process's own network and pid namespaces, `net:[4026531840]` (namespaces(7)). */
export function namespacesHere(): string[] {
  return SHARED_NAMESPACES.map((kind) => readlinkSync(`/proc/self/ns/${kind}`));
}

function whyUnfit(setup: Setup): string | null {
  if (setup.links.some(({ kind }) => kind === "wire"))
    return "this setup has a wire, which must forward every frame itself: that is not possible between containers";
  if (setup.interventions.length > 0)
    return "this setup has interventions: they are not possible where hosts are containers";
  return null;
}

function addressesOf(host: HostName, setup: Setup): string[] {
  return joinedLinks(setup.links).flatMap(({ ends }) =>
    ends.filter((end) => end.host === host).map((end) => end.ipv4),
  );
}
