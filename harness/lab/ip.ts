import { spawnSync } from "node:child_process";
import { inside, type NetworkNamespace } from "../kernel/namespace.ts";
import { IPV4_PREFIX, type LinkEnd } from "./address.ts";

/**
 * Where the indexes of one end of every veth pair begin; those of the other are the kernel's choice, from 2. With one index at both
 * ends the kernel may look a second late at an interface that came up (net/core/link_watch.c, linkwatch_urgent_event), and until then
 * the host answers no neighbour solicitation.
 */
export const FIRST_INDEX = 100;

/** Runs ip(8) once, inside a namespace, with a line for each command. Throws what it said when one fails. */
export function runIp(namespace: NetworkNamespace, commands: string[]): void {
  const ip = inside(namespace, () =>
    spawnSync("ip", ["-batch", "-"], { input: `${commands.join("\n")}\n`, encoding: "utf8" }),
  );
  if (ip.error !== undefined)
    throw new Error(`ip(8) could not be run: ${ip.error.message}`, { cause: ip.error });
  if (ip.status !== 0) throw new Error(`ip(8) could not set up host ${namespace.name}: ${ip.stderr.trim()}`);
}

/** The commands that bring an end of a link up. `nodad`: without it an IPv6 address is tentative for seconds, and bind() fails with EADDRNOTAVAIL. */
export function bringUp(end: LinkEnd): string[] {
  return [
    `address add ${end.ipv4}/${IPV4_PREFIX} dev ${end.device}`,
    `address add ${end.ipv6}/64 dev ${end.device} nodad`,
    `link set ${end.device} up`,
  ];
}
