import { interfaceIndex } from "../kernel/interface.ts";
import { inside, type NetworkNamespace } from "../kernel/namespace.ts";
import { newAddress } from "../kernel/rtnetlink/address.ts";
import { changeLinks } from "../kernel/rtnetlink/change.ts";
import { newVethPair, setLink, type VethPair } from "../kernel/rtnetlink/link.ts";
import type { RtnetlinkRequest } from "../kernel/rtnetlink/request.ts";
import { IPV4_PREFIX, type LinkEnd } from "./address.ts";

/**
 * The first interface index at one end of the veth pairs. The kernel chooses the indexes at the other end, from 2. If both ends had the
 * same index, the kernel could handle an interface that came up a second late (net/core/link_watch.c, linkwatch_urgent_event), and until
 * then the host would answer no neighbour solicitation.
 */
export const FIRST_INDEX = 100;

/** One change to the interfaces of a host. */
export type LinkStep =
  | { make: "pair"; pair: VethPair }
  | { make: "address"; device: string; address: string; prefix: number }
  | { make: "up"; device: string };

/** The first step of every host. */
export const LOOPBACK_UP: LinkStep = { make: "up", device: "lo" };

/** The steps that bring an end of a link up. */
export function bringUp({ device, ipv4, ipv6 }: LinkEnd): LinkStep[] {
  return [
    { make: "address", device, address: ipv4, prefix: IPV4_PREFIX },
    { make: "address", device, address: ipv6, prefix: 64 },
    { make: "up", device },
  ];
}

/** Takes the steps inside a namespace, in one request. Throws the first error, with the kernel's errno. */
export function link(namespace: NetworkNamespace, steps: LinkStep[]): void {
  // The index of an interface that does not exist yet is in its step. The kernel knows the indexes of the others.
  const indexes = new Map<string, number>();
  for (const step of steps) if (step.make === "pair") indexes.set(step.pair.device, step.pair.index);
  const indexOf = (device: string): number => {
    const index = indexes.get(device) ?? interfaceIndex(device);
    indexes.set(device, index);
    return index;
  };
  try {
    inside(namespace, () => changeLinks(steps.map((step) => requestOf(step, indexOf))));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`the interfaces of host ${namespace.name} could not be set up: ${why}`, { cause: error });
  }
}

function requestOf(step: LinkStep, indexOf: (device: string) => number): RtnetlinkRequest {
  switch (step.make) {
    case "pair":
      return newVethPair(step.pair);
    case "address":
      return newAddress(indexOf(step.device), step.address, step.prefix);
    case "up":
      return setLink(step.device, "up");
  }
}
