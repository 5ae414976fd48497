import type { ListenerRow, ListenersSample } from "../model/sample.ts";
import { type Evidence, samplesOf } from "./evidence.ts";

/** Two listening sockets of one port. */
export type ListenerPair = readonly [ListenerRow, ListenerRow];

/**
 * Every two listeners that share a port in a look, in both orders. Listeners of all IPv4 addresses and of all IPv6 addresses share it for
 * whoever calls the service by its name, but the kernel never chooses between them: they are a pair only if `families` says so.
 */
export function listenerPairs(
  { listeners }: ListenersSample,
  families: "apart" | "together" = "apart",
): ListenerPair[] {
  const alike = families === "apart" ? (address: string): string => address : anyFamily;
  return listeners.flatMap((one) =>
    listeners.flatMap((other): ListenerPair[] =>
      one.inode !== other.inode && one.port === other.port && alike(one.address) === alike(other.address)
        ? [[one, other]]
        : [],
    ),
  );
}

/**
 * Whether some look shows two listeners that share a port: false when all looks together show none, and null when there is no look that
 * could show it. Samples of sockets show it, too, but not how many connections wait at each.
 */
export function portIsShared(evidence: Evidence): boolean | null {
  const looks = samplesOf(evidence, "listeners");
  if (looks.some((look) => listenerPairs(look, "together").length > 0)) return true;
  const sockets = samplesOf(evidence, "sockets");
  const isShared = sockets.some(({ groups }) => {
    const ends = groups
      .filter(({ state }) => state === "LISTEN")
      .flatMap(({ examples }) => examples.map(({ local }) => anyFamily(local)));
    return new Set(ends).size < ends.length;
  });
  if (isShared) return looks.length > 0 ? false : null;
  return looks.length + sockets.length === 0 ? null : false;
}

/** An address, with its port or without: `*` for all addresses. */
function anyFamily(address: string): string {
  return address.replace(/^(?:0\.0\.0\.0|\[::\]|::)(?=:\d+$|$)/, "*");
}
