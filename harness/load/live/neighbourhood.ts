import { BlockList, isIPv6 } from "node:net";
import { networkInterfaces } from "node:os";

/** The interfaces of a network namespace that are up and have addresses, as os.networkInterfaces() lists them. */
export type Interfaces = ReturnType<typeof networkInterfaces>;

/** The name of a lab host's interface (harness/lab/address.ts). Besides them a lab host has only its loopback. */
const LAB_DEVICE = /^link\d+$/;

/** The documentation networks, which the lab's hosts have their addresses from: RFC 5737 and RFC 3849. */
const DOCUMENTATION = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"];

/**
 * Whether what is sent to an address in numbers stays on this machine: its loopback (127.0.0.0/8, RFC 1122 section 3.2.1.3; ::1), an
 * address of its own, or, inside a lab host's network namespace, a host at the other end of one of its links. A documentation address
 * alone is no such address: with a default route, packets to it leave the machine.
 */
export function staysHere(address: string, interfaces: Interfaces = networkInterfaces()): boolean {
  const here = ["127.0.0.0/8", "::1/128"];
  const devices = Object.entries(interfaces).flatMap(([name, own]) =>
    (own ?? []).map((one) => ({ name, ...one })),
  );
  for (const own of devices) here.push(`${own.address}/${own.family === "IPv6" ? 128 : 32}`);
  if (isLabHost(interfaces)) for (const { cidr } of devices) if (cidr !== null) here.push(cidr);
  return isIn(address, here);
}

/** Whether an address is from the networks of the lab's hosts, wherever it leads from here. */
export function isDocumentation(address: string): boolean {
  return isIn(address, DOCUMENTATION);
}

/** Whether these are the interfaces of a lab host: links with documentation addresses, and nothing else that leads anywhere. */
function isLabHost(interfaces: Interfaces): boolean {
  const outward = Object.entries(interfaces).filter(([, own]) => own?.some(({ internal }) => !internal));
  return (
    outward.length > 0 &&
    outward.every(
      ([name, own]) =>
        LAB_DEVICE.test(name) &&
        // Every interface has a link-local address, too (RFC 4291 section 2.1).
        own?.every(({ address }) => isDocumentation(address) || isIn(address, ["fe80::/10"])),
    )
  );
}

function isIn(address: string, networks: readonly string[]): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [first = "", prefix = ""] = network.split("/");
    list.addSubnet(first, Number(prefix), isIPv6(first) ? "ipv6" : "ipv4");
  }
  return list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}
