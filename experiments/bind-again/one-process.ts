import type { Setup } from "../../harness/experiment.ts";
import { PORT } from "./restart.ts";

/** More than both ends have room for: what is behind it, the FIN too, stays unsent. */
const TOO_MUCH = 50_000_000;

/** States of the server's ends, what it does for each after accept(), and what the client does after connect(). */
const STATES: { server: string[]; client: string[] }[] = [
  { server: ["keep"], client: ["keep"] }, // ESTABLISHED
  { server: ["recv end", "keep"], client: ["shutdown write", "keep"] }, // CLOSE-WAIT
  { server: ["shutdown write", "keep"], client: ["recv end", "keep"] }, // FIN-WAIT-2
  { server: ["shutdown write", "recv end", "close"], client: ["recv end", "close"] }, // TIME-WAIT
  { server: [`offer ${TOO_MUCH}`, "shutdown write", "keep"], client: ["keep"] }, // FIN-WAIT-1
  { server: ["recv end", `offer ${TOO_MUCH}`, "close"], client: ["shutdown write", "keep"] }, // LAST-ACK
];

function setup(server: string[], others: Setup["programs"], until: Setup["phases"][number]["until"]): Setup {
  return {
    hosts: {
      client: { sysctls: {} },
      server: { sysctls: { "net.ipv4.tcp_max_tw_buckets": "4096", "net.ipv4.tcp_fin_timeout": "60" } },
    },
    links: [{ kind: "direct", between: ["client", "server"] }],
    programs: {
      server: {
        host: "server",
        role: "server",
        program: "clients/calls",
        args: server,
        limits: {},
        withinMs: 20_000,
      },
      ...others,
    },
    phases: [
      { name: "load", until, withinMs: 15_000 },
      { name: "drain", until: { elapsedMs: 1500 } },
    ],
    interventions: [],
    observers: { sockets: { everyMs: 100 }, counters: { everyMs: 500 } },
  };
}

const client = (args: string[]): Setup["programs"][string] => ({
  host: "client",
  role: "client",
  program: "clients/calls",
  args: [...args, "stay"],
  limits: {},
  withinMs: 20_000,
});

/**
 * A server that has connections in each state that lasts, and listens anew: while the old listener is there, when it is gone, without
 * SO_REUSEADDR and with it.
 */
export function allStates(): Setup {
  const calls = STATES.map(({ server }) => ["accept", ...server]).flat();
  return setup(
    [
      ...[`listen ${PORT} 16`, ...calls, "wait 300"],
      ...[`listen ${PORT} 16`, "unlisten", "set SO_REUSEADDR 0", `listen ${PORT} 16`],
      ...[`listen ${PORT} 16`, "stay"],
    ],
    { client: client(STATES.flatMap((one) => ["connect {server}:8080", ...one.client])) },
    { sockets: { host: "server", state: "LAST-ACK" }, atLeast: 1 },
  );
}

/** The port that somebody has bound, and does not yet listen on. */
export const BOUND_PORT = 8081;

/**
 * A program that would have another one's port: where the other one listens, at any address and at a certain one; and where it has
 * only bound it so far.
 */
export function taker(): Setup {
  return setup(
    [
      ...[`listen ${PORT} 16`, "set SO_REUSEADDR 1", `bind ${BOUND_PORT}`, "wait 3000"],
      ...[`listen ${BOUND_PORT} 16`, "accept", "stay"],
    ],
    {
      taker: {
        ...client([
          ...["wait 700", `listen ${PORT} 16`, `listen 192.0.2.2:${PORT} 16`, `listen 127.0.0.1:${PORT} 16`],
          `listen ${BOUND_PORT} 16`,
        ]),
        host: "server",
      },
      client: client(["connect {server}:8080"]),
    },
    { elapsedMs: 3500 },
  );
}
