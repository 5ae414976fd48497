import { percentile } from "../measure/percentile.ts";
import type { Limit, Turn } from "../model/comparison.ts";

/** The outcome of connect() when no port is left. */
export const NO_PORT = "connect EADDRNOTAVAIL";

/** A thread that had work for this share of the time had no slack: the rule of `lastack load` (docs/load.md). */
const SATURATED = 0.9;
/** How many times the server's processor time the client's must be before the client alone is called the limit. */
const CLEARLY = 1.25;

/** Whether an arm ran out of ports, or took so many that connect() was slow, in any repetition: its rate and times are those of ports. */
export function isShortOfPorts(turns: readonly Turn[]): boolean {
  return turns.some(({ errors, ports }) => ports.slow || (errors[NO_PORT] ?? 0) > 0);
}

/**
 * What limits an arm: ports, if it was short of them; round trips, if a request spends most of its time on its way; otherwise an end whose
 * busiest thread had work all the time. `connections` is how many are open at once.
 */
export function limitOf(turns: readonly Turn[], rttMs: number | null, connections: number): Limit {
  if (isShortOfPorts(turns)) return "ports";
  const busy = turns.flatMap((turn) => turn.busy ?? []);
  if (busy.length > 0) return busyLimit(busy);
  const travel = middleOf(turns.map((turn) => travelShare(turn, rttMs ?? 0, connections)));
  const client = middleOf(turns.map(({ clientCores }) => clientCores));
  const seen = turns.flatMap(({ serverCores, clientCores }) =>
    serverCores === null ? [] : [{ serverCores, clientCores }],
  );
  if (seen.length * 2 < turns.length) {
    if (travel >= client && travel > 0) return "round trips";
    return client >= SATURATED ? "client CPU" : "nothing in sight";
  }
  const server = middleOf(seen.map(({ serverCores }) => serverCores));
  return travel >= Math.max(server, client) ? "round trips" : workLimit(seen);
}

/** The end that had work all the time. A server that is unknown beside a client without slack can be the limit, or not. */
function busyLimit(busy: NonNullable<Turn["busy"]>[]): Limit {
  const client = middleOf(busy.map((one) => one.client)) >= SATURATED;
  const known = busy.flatMap(({ server }) => server ?? []);
  const server = known.length * 2 >= busy.length && middleOf(known) >= SATURATED;
  if (client && server) return "CPU at both ends";
  return server ? "server CPU" : client ? "client CPU" : "nothing in sight";
}

/**
 * The end that worked more, in the lab. In a closed loop without round trips the end that needs more processor time for a request is the
 * bottleneck (asymptotic bounds of a closed queueing network). Both are compared within each repetition: processor time that other
 * programs took in one was missing at both ends.
 */
function workLimit(seen: { serverCores: number; clientCores: number }[]): Limit {
  if (middleOf(seen.map((one) => one.serverCores - one.clientCores)) >= 0) return "server CPU";
  const more = middleOf(seen.map((one) => one.clientCores - CLEARLY * one.serverCores)) > 0;
  return more ? "client CPU" : "CPU at both ends";
}

/** A request waits for one round trip, and for one more when its connection is new. */
function travelShare({ perSecond, connectionsEach }: Turn, rttMs: number, connections: number): number {
  const meanMs = (connections * 1000) / perSecond;
  return (rttMs * (1 + connectionsEach)) / meanMs;
}

function middleOf(values: readonly number[]): number {
  return percentile(values, 50) ?? 0;
}
