import { setupOf, type Setup, type ShortPhase, type ShortProgram } from "../../harness/experiment.ts";
import { PORT } from "./restart.ts";

/** More than both ends have room for: what is queued behind it, the FIN included, stays unsent. */
const TOO_MUCH = 50_000_000;

/** One entry for each state: what the server does after accept(), and what the client does after connect(). */
const STATES: { server: string[]; client: string[] }[] = [
  { server: ["keep"], client: ["keep"] }, // ESTABLISHED
  { server: ["recv end", "keep"], client: ["shutdown write", "keep"] }, // CLOSE-WAIT
  { server: ["shutdown write", "keep"], client: ["recv end", "keep"] }, // FIN-WAIT-2
  { server: ["shutdown write", "recv end", "close"], client: ["recv end", "close"] }, // TIME-WAIT
  { server: [`offer ${TOO_MUCH}`, "shutdown write", "keep"], client: ["keep"] }, // FIN-WAIT-1
  { server: ["recv end", `offer ${TOO_MUCH}`, "close"], client: ["shutdown write", "keep"] }, // LAST-ACK
];

function setup(calls: string[], clients: Record<string, ShortProgram>, load: ShortPhase): Setup {
  return setupOf({
    hosts: { server: { "net.ipv4.tcp_max_tw_buckets": "4096", "net.ipv4.tcp_fin_timeout": "60" } },
    servers: { server: { run: ["clients/calls", ...calls], withinMs: 20_000 } },
    clients,
    phases: { load, drain: { elapsedMs: 1500 } },
    everyMs: { sockets: 100, counters: 500 },
  });
}

/**
 * A server that has a connection in each lasting state and listens again: while the old listener exists, and after it is closed,
 * without SO_REUSEADDR and with it.
 */
export function allStates(): Setup {
  const listen = `listen ${PORT} 16`;
  const accepted = STATES.flatMap(({ server }) => ["accept", ...server]);
  const connected = STATES.flatMap(({ client }) => ["connect {server}:8080", ...client]);
  const unshared = ["set SO_REUSEADDR 0", listen];
  return setup(
    [listen, ...accepted, "wait 300", listen, "unlisten", ...unshared, listen, "stay"],
    { client: ["clients/calls", ...connected, "stay"] },
    { until: { sockets: { host: "server", state: "LAST-ACK" }, atLeast: 1 }, withinMs: 15_000 },
  );
}

/** The port that is bound, but on which nobody listens yet. */
export const BOUND_PORT = 8081;

/**
 * A program that wants another program's port: one on which the other listens (at any address and at one address), and one that the
 * other has only bound.
 */
export function taker(): Setup {
  const bound = ["set SO_REUSEADDR 1", `bind ${BOUND_PORT}`, "wait 3000", `listen ${BOUND_PORT} 16`];
  const listens = [`${PORT}`, `192.0.2.2:${PORT}`, `127.0.0.1:${PORT}`, `${BOUND_PORT}`].map(
    (at) => `listen ${at} 16`,
  );
  return setup(
    [`listen ${PORT} 16`, ...bound, "accept", "stay"],
    {
      taker: { run: ["clients/calls", "wait 700", ...listens, "stay"], host: "server" },
      client: ["clients/calls", "connect {server}:8080", "stay"],
    },
    { elapsedMs: 3500 },
  );
}
