import type { HostName } from "../model/names.ts";
import { type LinkPlan, MOST_LINKS } from "../model/setup.ts";

/** One end of a link: an interface of a host, with an IPv4 and an IPv6 address. */
export interface LinkEnd {
  host: HostName;
  device: string;
  ipv4: string;
  ipv6: string;
}

/** The documentation networks of RFC 5737. Each is cut into four quarters, one per link. The first three links take the first quarters. */
const IPV4_NETWORKS = ["192.0.2", "198.51.100", "203.0.113"];
/** The prefix length of a quarter. QUARTER is how many addresses it has. */
export const IPV4_PREFIX = 26;
const QUARTER = 2 ** (32 - IPV4_PREFIX);

/** The two ends of the n-th link between hosts, n from 0. The IPv6 addresses are from 2001:db8::/32 (RFC 3849). */
export function linkEnds(between: [HostName, HostName], n: number): [LinkEnd, LinkEnd] {
  if (n >= MOST_LINKS) throw new Error(`a setup has at most ${MOST_LINKS} links between hosts`);
  const end = (host: HostName, last: 1 | 2): LinkEnd => ({
    host,
    device: `link${n}`,
    ipv4: ipv4Of(n, last),
    ipv6: `2001:db8:0:${n}::${last}`,
  });
  return [end(between[0], 1), end(between[1], 2)];
}

/** The address at a place in the n-th link's quarter. */
function ipv4Of(n: number, place: number): string {
  const quarter = Math.floor(n / IPV4_NETWORKS.length);
  return `${IPV4_NETWORKS[n % IPV4_NETWORKS.length]}.${quarter * QUARTER + place}`;
}

/** A link between two hosts, with its ends. */
export interface Joined {
  plan: Exclude<LinkPlan, { kind: "loopback" }>;
  ends: [LinkEnd, LinkEnd];
}

/** The links between hosts, `direct` and `wire`, in the order of the plan. */
export function joinedLinks(links: LinkPlan[]): Joined[] {
  return links
    .filter((link) => link.kind !== "loopback")
    .map((plan, n) => ({ plan, ends: linkEnds(plan.between, n) }));
}

/** The source addresses of a wire's ICMP errors: the last but one of the n-th link's quarter, and ::fe. No host has them. */
export function routerOf(n: number): { ipv4: string; ipv6: string } {
  return { ipv4: ipv4Of(n, QUARTER - 2), ipv6: `2001:db8:0:${n}::fe` };
}

/**
 * The address at which `from` reaches `to`: the loopback when both are the same host, otherwise the far end of a link
 * between the two. Throws when no link joins them.
 */
export function addressOf(to: HostName, from: HostName, links: LinkPlan[], family: 4 | 6): string {
  if (to === from) return family === 4 ? "127.0.0.1" : "::1";
  for (const { ends } of joinedLinks(links)) {
    const far = ends.find((end) => end.host === to);
    if (far !== undefined && ends.some((end) => end.host === from)) return family === 4 ? far.ipv4 : far.ipv6;
  }
  throw new Error(`no link joins ${from} and ${to}, so a program on ${from} has no address for ${to}`);
}
