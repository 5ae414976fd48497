import { spawn, type ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { inside, makeNamespace, releaseNamespace, type NetworkNamespace } from "../kernel/namespace.ts";
import { switchOffloadsOff } from "../kernel/packet.ts";
import type { HostName } from "../model/names.ts";
import type { Setup } from "../model/setup.ts";
import type { WirePlan } from "../model/wire.ts";
import { type Joined, joinedLinks, type LinkEnd, routerOf } from "./address.ts";
import { deliverInOrder } from "./in-order.ts";
import { bringUp, FIRST_INDEX, link, type LinkStep, LOOPBACK_UP } from "./links.ts";
import { compiled } from "./paths.ts";
import { writeSysctl } from "./sysctl.ts";

/**
 * Options of V8 that keep pauses of a wire short. With garbage collection on several threads, the main thread waits for the
 * others, and they get no processor while the machine is busy. And a young generation of 16 MB is rarely full; the default
 * begins below 1 MB.
 */
const UNHURRIED = ["--single-threaded-gc", "--min-semi-space-size=16"];

/** The namespace between two hosts that a wire's process runs in. It has an interface towards each of them. */
export interface WireHost {
  /** The number of the wire in the setup, from 0. */
  nth: number;
  plan: WirePlan;
  namespace: NetworkNamespace;
  /** The interfaces towards the first and the second host of `between`. */
  devices: [Way, Way];
  router: { ipv4: string; ipv6: string };
}

/** The way to a host: `device` leads there, and `spare` to the stack that is there after a planned reboot. The addresses are the host's. */
interface Way {
  device: string;
  spare: string | null;
  ethernet: string;
  ipv4: string;
  ipv6: string;
}

/** The namespaces that the wires of a setup need. */
export interface WireHosts {
  wires: WireHost[];
  close: () => void;
}

/**
 * Makes the wires' own hosts, and the veth pairs from them to the setup's hosts. The far ends of the pairs are still down. For a
 * host that will be rebooted, it also makes a fresh host with the same addresses and sysctls, on pairs of its own. On an error
 * it removes all of them and throws the system's message.
 */
export function makeWireHosts(setup: Setup, hosts: ReadonlyMap<HostName, NetworkNamespace>): WireHosts {
  const made: NetworkNamespace[] = [];
  const make = (name: string): NetworkNamespace => {
    const namespace = makeNamespace(name);
    made.push(namespace);
    deliverInOrder(namespace);
    return namespace;
  };
  const close = (): void => {
    for (const namespace of made.splice(0)) releaseNamespace(namespace);
  };
  try {
    const joined = joinedLinks(setup.links);
    const spares = new Map<HostName, NetworkNamespace>();
    for (const { do: action } of setup.interventions) {
      if (!("host" in action) || action.become !== "rebooted" || spares.has(action.host)) continue;
      spares.set(action.host, make(`${action.host}, rebooted`));
    }
    const wires: WireHost[] = [];
    for (const [n, link] of joined.entries()) {
      if (link.plan.kind !== "wire") continue;
      const namespace = make(`wire ${wires.length}`);
      const devices = span(namespace, n, link, hosts, spares);
      wires.push({ nth: wires.length, plan: link.plan, namespace, devices, router: routerOf(n) });
    }
    for (const [name, namespace] of spares) wake(name, namespace, setup, joined);
    return { wires, close };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * Starts a wire's process inside its host. Descriptor 3 is an IPC channel, on which the wire reports `ready` when frames pass.
 * Descriptor 4 is its log: bytes for a LogReader. The log ends when the process has ended.
 */
export function spawnWire({ namespace }: WireHost): ChildProcess {
  return inside(namespace, () =>
    spawn(process.execPath, [...UNHURRIED, compiled("harness/wire/main.cjs")], {
      env: { PATH: process.env["PATH"] },
      stdio: ["ignore", "ignore", "pipe", "ipc", "pipe"],
    }),
  );
}

/** Makes the interfaces of a wire's host: `side0` and `side1`, and `spare0` and `spare1`. */
function span(
  namespace: NetworkNamespace,
  n: number,
  { ends }: Joined,
  hosts: ReadonlyMap<HostName, NetworkNamespace>,
  spares: ReadonlyMap<HostName, NetworkNamespace>,
): WireHost["devices"] {
  // This host itself must not send (multicast listener reports, router solicitations): that would not be traffic of the link.
  inside(namespace, () => {
    for (const scope of ["all", "default"]) {
      writeFileSync(`/proc/sys/net/ipv6/conf/${scope}/disable_ipv6`, "1");
    }
  });
  const steps: LinkStep[] = [];
  const lead = (device: string, end: LinkEnd, ethernet: string, to: NetworkNamespace): void => {
    const peer = { device: end.device, namespace: to, ethernet };
    const index = FIRST_INDEX + steps.length;
    steps.push({ make: "pair", pair: { device, index, peer } }, { make: "up", device });
  };
  const devices = ends.map((end, side) => {
    const host = hosts.get(end.host);
    if (host === undefined) throw new Error(`the setup has no host ${end.host}`);
    // The hardware address is the same before and after a reboot, so the other host's neighbour table stays valid.
    const ethernet = `02:00:00:00:0${n.toString(16)}:0${side + 1}`;
    lead(`side${side}`, end, ethernet, host);
    const spare = spares.get(end.host);
    if (spare !== undefined) lead(`spare${side}`, end, ethernet, spare);
    const { ipv4, ipv6 } = end;
    return {
      device: `side${side}`,
      spare: spare === undefined ? null : `spare${side}`,
      ethernet,
      ipv4,
      ipv6,
    };
  });
  link(namespace, steps);
  inside(namespace, () => {
    for (const { device, spare } of devices) {
      switchOffloadsOff(device);
      if (spare !== null) switchOffloadsOff(spare);
    }
  });
  for (const end of ends) {
    for (const host of [hosts.get(end.host), spares.get(end.host)]) {
      if (host !== undefined) inside(host, () => switchOffloadsOff(end.device));
    }
  }
  const [first, second] = devices;
  if (first === undefined || second === undefined) throw new Error("a link has two ends");
  return [first, second];
}

/** Gives a fresh host the interfaces, addresses and sysctls that the setup's host of that name had at the beginning. */
function wake(name: HostName, namespace: NetworkNamespace, setup: Setup, joined: Joined[]): void {
  const ends = joined.filter(({ plan }) => plan.kind === "wire").flatMap((link) => link.ends);
  const own = ends.filter((end) => end.host === name);
  link(namespace, [LOOPBACK_UP, ...own.flatMap(bringUp)]);
  for (const [sysctl, value] of Object.entries(setup.hosts[name]?.sysctls ?? {})) {
    writeSysctl(namespace, sysctl, value);
  }
}
