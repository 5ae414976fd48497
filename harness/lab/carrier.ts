import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { addressBytes } from "../kernel/address.ts";
import { inside, type NetworkNamespace } from "../kernel/namespace.ts";
import type { LinkEnd } from "./address.ts";
import { link } from "./links.ts";

/** As a rule it takes less than a millisecond; while other namespaces end, some tens. */
const WITHIN_MS = 5000;
const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * Waits until the ends of links in a namespace take part in the traffic. The kernel answers that an interface is up and has its
 * address before it is so: work that it puts off gives the interface that came up first its queue (linkwatch_do_dev,
 * net/core/link_watch.c), and joins the multicast group in which neighbours ask for an IPv6 address (addrconf_dad_work,
 * net/ipv6/addrconf.c). Both are done under the lock of rtnetlink (rtnl_lock). What is sent until then is lost, and sent
 * again a second later. Throws when an end is not there within 5 s.
 */
export function awaitCarrier(namespace: NetworkNamespace, ends: LinkEnd[]): void {
  if (ends.length === 0) return;
  const before = performance.now();
  for (;;) {
    const missing = inside(namespace, () => notThere(ends));
    if (missing === undefined) {
      // An interface is called running a moment before it has its queue, and both are done under one lock, which this waits for.
      link(
        namespace,
        ends.map(({ device }) => ({ make: "up", device })),
      );
      return;
    }
    if (performance.now() - before > WITHIN_MS) {
      throw new Error(
        `the interface ${missing.device} of host ${namespace.name} takes no part in the traffic ${WITHIN_MS / 1000} s after it was set up: is the machine overloaded?`,
      );
    }
    Atomics.wait(pause, 0, 0, 1);
  }
}

/** The first end that is not there yet. Interfaces without a carrier are not among Node's. */
function notThere(ends: LinkEnd[]): LinkEnd | undefined {
  const running = networkInterfaces();
  const groups = readFileSync("/proc/thread-self/net/igmp6", "latin1").split("\n");
  return ends.find(({ device, ipv6 }) => {
    const asked = groups.some((row) => isMembership(row, device, solicitedNode(ipv6)));
    return !(device in running && asked);
  });
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
