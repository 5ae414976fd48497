import { readFileSync } from "node:fs";
import { addressBytes } from "../kernel/address.ts";
import { inside, type NetworkNamespace } from "../kernel/namespace.ts";
import { operationalState } from "../kernel/rtnetlink/state.ts";
import type { LinkEnd } from "./address.ts";
import { link } from "./links.ts";

/** It usually takes less than a millisecond, and some tens of milliseconds while other namespaces are being removed. */
const WITHIN_MS = 5000;
const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * Waits until the interfaces of a namespace can send. The kernel reports an interface as up before it can send: the interface of a pair
 * that came up first gets its queue later, in deferred work (linkwatch_do_dev, net/core/link_watch.c). Until then it drops every packet.
 * The first neighbour solicitation would be lost, and the kernel repeats it only a second later. Throws when an interface cannot send
 * within 5 s.
 */
export function awaitCarrier(namespace: NetworkNamespace, devices: string[]): void {
  waitUntil(namespace, () => devices.find((device) => operationalState(device) !== "up"));
}

/**
 * Waits until a namespace answers neighbour solicitations for the IPv6 addresses of its ends. The kernel joins the multicast groups of
 * these solicitations in deferred work (addrconf_dad_work, net/ipv6/addrconf.c). Throws when it has not joined them within 5 s.
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
  // The kernel joins the group a moment before the address answers. It does both under one lock (rtnl_lock). This call takes that lock,
  // so afterwards both are done.
  link(
    namespace,
    ends.map(({ device }) => ({ make: "up", device })),
  );
}

/** Checks inside a namespace again and again until no interface is missing. */
function waitUntil(namespace: NetworkNamespace, missing: () => string | undefined): void {
  const before = performance.now();
  for (;;) {
    const device = inside(namespace, missing);
    if (device === undefined) return;
    if (performance.now() - before > WITHIN_MS) {
      throw new Error(
        `the interface ${device} of host ${namespace.name} cannot send or receive yet, ${WITHIN_MS / 1000} s after it was set up: is the machine overloaded?`,
      );
    }
    Atomics.wait(pause, 0, 0, 1);
  }
}

/** Whether a row of /proc/net/igmp6 has this interface and group: its second and third field (igmp6_mc_seq_show, net/ipv6/mcast.c). */
function isMembership(row: string, device: string, group: string): boolean {
  const [, ofDevice, joined] = row.trim().split(/\s+/);
  return ofDevice === device && joined === group;
}

/** The group ff02::1:ff00:0/104 with the last 24 bits of an address (RFC 4291 section 2.7.1), in hexadecimal digits. */
function solicitedNode(ipv6: string): string {
  return `ff0200000000000000000001ff${addressBytes(ipv6).bytes.toString("hex").slice(-6)}`;
}
