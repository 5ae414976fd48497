import { percentile } from "../../measure/percentile.ts";
import type { Limit, Turn } from "../../model/comparison.ts";

/** How long TIME-WAIT keeps a port: TCP_TIMEWAIT_LEN, include/net/tcp.h. */
export const TIME_WAIT_S = 60;
/** What connect() says when no port is left. */
const NO_PORT = "connect EADDRNOTAVAIL";

/**
 * What an arm has too little of: ports, when it ran out of them; else whichever of three shares is the greatest: of a request's
 * time, that in which it is on its way; of a processor's time, the server's and the client's. `connections` are those that are open at
 * once. What was not seen has no share.
 */
export function limitOf(turns: readonly Turn[], rttMs: number | null, connections: number): Limit {
  if (turns.some(({ errors }) => (errors[NO_PORT] ?? 0) > 0)) return "ports";
  const shares: [Limit, number][] = [
    ["server CPU", middleOf(turns.map(({ serverCores }) => serverCores ?? 0))],
    ["client CPU", middleOf(turns.map(({ clientCores }) => clientCores))],
    ["round trips", middleOf(turns.map((turn) => travelShare(turn, rttMs ?? 0, connections)))],
  ];
  const [most] = shares.toSorted(([, a], [, b]) => b - a);
  const seen = turns.every(({ serverCores }) => serverCores !== null);
  // With the server out of sight, only a client that is busy all the time is known to be what limits.
  if (!seen && most?.[0] === "client CPU" && most[1] < BUSY) return "nothing in sight";
  return most?.[0] ?? "nothing in sight";
}

const BUSY = 0.85;

/** How often a connection's worth of new ports is there again: ports a second, when each is kept in TIME-WAIT. */
export function portsPerSecond(range: number): number {
  return range / TIME_WAIT_S;
}

/** A request waits for one round trip, and for one more when its connection is new. */
function travelShare({ perSecond, connectionsEach }: Turn, rttMs: number, connections: number): number {
  const meanMs = (connections * 1000) / perSecond;
  return (rttMs * (1 + connectionsEach)) / meanMs;
}

function middleOf(values: readonly number[]): number {
  return percentile(values, 50) ?? 0;
}
