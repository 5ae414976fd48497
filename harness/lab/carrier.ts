import { readFileSync } from "node:fs";
import { addressBytes } from "../kernel/address.ts";
import { inside, type NetworkNamespace } from "../kernel/namespace.ts";
import { operationalState } from "../kernel/rtnetlink/state.ts";
import type { LinkEnd } from "./address.ts";
import { link } from "./links.ts";

/** As a rule it takes less than a millisecond; while other namespaces end, some tens. */
const WITHIN_MS = 5000;
const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * Waits until interfaces of a namespace send. The kernel answers that an interface is up before it is so: work that it puts off gives
 * the interface of a pair that came up first its queue (linkwatch_do_dev, net/core/link_watch.c), and until then it drops what it is
 * given: the first question for a neighbour, which is asked again a second later. Throws when one does not send within 5 s.
 */
export function awaitCarrier(namespace: NetworkNamespace, devices: string[]): void {
  waitUntil(namespace, () => devices.find((device) => operationalState(device) !== "up"));
}

/**
 * Waits until a namespace answers for the IPv6 addresses of its ends: work that the kernel puts off joins the multicast groups in which
 * neighbours ask for them (addrconf_dad_work, net/ipv6/addrconf.c). Throws when it does not within 5 s.
 */
export function awaitNeighbours(namespace: NetworkNamespace, ends: LinkEnd[]): void {
  if (ends.length === 0) return;
  waitUntil(namespace, () => {
    const groups = readFileSync("/proc/thread-self/net/igmp6", "latin1").split("\n");
    const missing = ends.find(
      ({ device, ipv6 }) => !groups.some((row) => isMembership(row, device, solicitedNode(ipv6))),
    );
    return missing?.device;
  });
  // A group is joined a moment before the address answers, and both are done under one lock (rtnl_lock), which this waits for.
  link(
    namespace,
    ends.map(({ device }) => ({ make: "up", device })),
  );
}

/** Asks inside a namespace until no interface is missing. */
function waitUntil(namespace: NetworkNamespace, missing: () => string | undefined): void {
  const before = performance.now();
  for (;;) {
    const device = inside(namespace, missing);
    if (device === undefined) return;
    if (performance.now() - before > WITHIN_MS) {
      throw new Error(
        `the interface ${device} of host ${namespace.name} takes no part in the traffic ${WITHIN_MS / 1000} s after it was set up: is the machine overloaded?`,
      );
    }
    Atomics.wait(pause, 0, 0, 1);
  }
}

/** A row of /proc/net/igmp6: index, interface, group, and more (igmp6_mc_seq_show, net/ipv6/mcast.c). */
function isMembership(row: string, device: string, group: string): boolean {
  const [, ofDevice, joined] = row.trim().split(/\s+/);
  return ofDevice === device && joined === group;
}

/** The group ff02::1:ff00:0/104 with the last 24 bits of an address (RFC 4291 section 2.7.1), in hexadecimal digits. */
function solicitedNode(ipv6: string): string {
  return `ff0200000000000000000001ff${addressBytes(ipv6).bytes.toString("hex").slice(-6)}`;
}
