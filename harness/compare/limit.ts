import { percentile } from "../measure/percentile.ts";
import type { Limit, Turn } from "../model/comparison.ts";

/** What connect() says when no port is left. */
const NO_PORT = "connect EADDRNOTAVAIL";

/**
 * What an arm has too little of: ports, when it ran out of them; else whichever of three shares is the greatest: of a request's
 * time, that in which it is on its way; of a processor's time, the server's and the client's. `connections` are those that are open at
 * once. With the server out of sight, only a client that is busy all the time is known to be what limits.
 */
export function limitOf(turns: readonly Turn[], rttMs: number | null, connections: number): Limit {
  if (turns.some(({ errors }) => (errors[NO_PORT] ?? 0) > 0)) return "ports";
  const travel = middleOf(turns.map((turn) => travelShare(turn, rttMs ?? 0, connections)));
  const client = middleOf(turns.map(({ clientCores }) => clientCores));
  const seen = turns.flatMap(({ serverCores, clientCores }) =>
    serverCores === null ? [] : [{ serverCores, clientCores }],
  );
  if (seen.length * 2 < turns.length) {
    if (travel >= client && travel > 0) return "round trips";
    return client >= BUSY ? "client CPU" : "nothing in sight";
  }
  const server = middleOf(seen.map(({ serverCores }) => serverCores));
  if (travel >= Math.max(server, client)) return "round trips";
  // Within repetitions: what others took of the machine in one of them, both ends lacked.
  return middleOf(seen.map((one) => one.serverCores - one.clientCores)) >= 0 ? "server CPU" : "client CPU";
}

/** Of a processor, so much is all the time. */
const BUSY = 0.85;

/** A request waits for one round trip, and for one more when its connection is new. */
function travelShare({ perSecond, connectionsEach }: Turn, rttMs: number, connections: number): number {
  const meanMs = (connections * 1000) / perSecond;
  return (rttMs * (1 + connectionsEach)) / meanMs;
}

function middleOf(values: readonly number[]): number {
  return percentile(values, 50) ?? 0;
}
