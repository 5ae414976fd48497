import { setupOf, type Condition, type Setup } from "../../harness/experiment.ts";

export const CRASH = "the server crashes";
export const PORT = 8080;

/** Bytes that a client sends on its connection from before the crash, and on a new one afterwards. */
export const STALE_BYTES = 97;
export const NEW_BYTES = 23;

export interface Restart {
  /** Which of the two listeners sets SO_REUSEADDR. */
  old: boolean;
  next: boolean;
  /** Whether the old server has a connection when it is killed; otherwise the client has closed it and keeps the TIME-WAIT. */
  isConnected: boolean;
  /** Whether a second client goes on using its old connection after the crash. */
  isStaleThere: boolean;
  /** How often, and at what interval, the new server tries to listen. */
  attempts: number;
  everyMs: number;
}

/** A server that is killed, and one that tries to listen on its port before and after that. */
export function restart(plan: Restart): Setup {
  const { old, next, isConnected, isStaleThere, attempts, everyMs } = plan;
  const withinMs = attempts * everyMs + 10_000;
  const reuse = (isSet: boolean): string => `set SO_REUSEADDR ${isSet ? 1 : 0}`;
  const both = isStaleThere ? ["keep", "accept"] : [];
  const served = isConnected ? [] : ["recv end", "close"];
  const tries = Array.from({ length: attempts }, () => [reuse(next), `listen ${PORT} 8`, `wait ${everyMs}`]);
  const accepted = isStaleThere ? ["accept", "recv end"] : [];
  const ended = isConnected ? [] : ["shutdown write"];
  const isListenedOn = { sockets: { host: "server", state: "LISTEN" as const, port: PORT }, atLeast: 1 };
  return setupOf({
    hosts: { server: { "net.ipv4.tcp_max_tw_buckets": "4096", "net.ipv4.tcp_fin_timeout": "60" } },
    servers: {
      server: {
        run: ["clients/calls", reuse(old), `listen ${PORT} 8`, "accept", ...both, ...served, "stay"],
        withinMs,
      },
    },
    clients: {
      successor: { run: ["clients/calls", ...tries.flat(), ...accepted], host: "server", withinMs },
      client: {
        run: ["clients/calls", "connect {server}:8080", ...ended, "recv end", "close", "stay"],
        withinMs,
      },
      ...(isStaleThere ? { stale: { run: STALE, withinMs } } : {}),
    },
    phases: {
      // Long after the crash, a program listens again.
      load: {
        until: { any: [{ exited: ["successor"] }, { all: [{ elapsedMs: 10_000 }, isListenedOn] }] },
        withinMs,
      },
      drain: { elapsedMs: 200 },
    },
    interventions: [
      { name: CRASH, phase: "load", do: { signal: "SIGKILL", program: "server" }, when: crashesWhen(plan) },
    ],
    everyMs: { sockets: everyMs, counters: 500 },
  });
}

/** The second client, on the connection that it had before the crash, and then on one of its own. */
const STALE = [
  "clients/calls",
  "connect {server}:8080",
  "recv end",
  "wait 2500",
  `send ${STALE_BYTES}`,
  // The answer to the first comes before the second.
  "wait 300",
  `send ${STALE_BYTES}`,
  "close",
  "connect {server}:8080",
  `send ${NEW_BYTES}`,
  "shutdown write",
  "recv end",
  "stay",
];

function crashesWhen({ isConnected, isStaleThere }: Restart): Condition {
  if (!isConnected) return { sockets: { host: "client", state: "TIME-WAIT" }, atLeast: 1 };
  // A connection that is not accepted yet would be reset. Within half a second it is accepted.
  const sockets = { host: "server", state: "ESTABLISHED" as const, side: "listener" as const };
  return { heldForMs: 500, condition: { sockets, atLeast: isStaleThere ? 2 : 1 } };
}
