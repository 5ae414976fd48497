import { percentile } from "../measure/percentile.ts";
import type { Limit, Turn } from "../model/comparison.ts";

/** The outcome of connect() when no port is left. */
const NO_PORT = "connect EADDRNOTAVAIL";

/**
 * What limits an arm: ports, if it ran out of them; otherwise the greatest of three shares. These are the part of a request's time that
 * it spends on its way, the part of a processor that the server's busiest thread uses, and the part that the client uses. `connections`
 * is how many are open at once. In a closed loop the end that needs more processor time for a request is the bottleneck (asymptotic
 * bounds of a closed queueing network). If the server's processor time is not known, the client counts as the limit only if it is busy
 * all the time.
 */
export function limitOf(turns: readonly Turn[], rttMs: number | null, connections: number): Limit {
  if (turns.some(({ errors }) => (errors[NO_PORT] ?? 0) > 0)) return "ports";
  const travel = middleOf(turns.map((turn) => travelShare(turn, rttMs ?? 0, connections)));
  const client = middleOf(turns.map(({ clientCores }) => clientCores));
  const seen = turns.flatMap(({ serverThread, clientCores }) =>
    serverThread === null ? [] : [{ serverThread, clientCores }],
  );
  if (seen.length * 2 < turns.length) {
    if (travel >= client && travel > 0) return "round trips";
    return client >= BUSY ? "client CPU" : "nothing in sight";
  }
  const server = middleOf(seen.map(({ serverThread }) => serverThread));
  if (travel >= Math.max(server, client)) return "round trips";
  // Compared within each repetition: processor time that other programs took in one was missing at both ends.
  if (middleOf(seen.map((one) => one.serverThread - one.clientCores)) >= 0) return "server CPU";
  const more = middleOf(seen.map((one) => one.clientCores - CLEARLY * one.serverThread)) > 0;
  return more ? "client CPU" : "CPU at both ends";
}

/** The share of a processor that counts as busy all the time. */
const BUSY = 0.85;
/** How many times the server's processor time the client's must be before the client alone is called the limit. */
const CLEARLY = 1.25;

/** A request waits for one round trip, and for one more when its connection is new. */
function travelShare({ perSecond, connectionsEach }: Turn, rttMs: number, connections: number): number {
  const meanMs = (connections * 1000) / perSecond;
  return (rttMs * (1 + connectionsEach)) / meanMs;
}

function middleOf(values: readonly number[]): number {
  return percentile(values, 50) ?? 0;
}
