import type { NetworkNamespace } from "../kernel/namespace.ts";
import type { SocketGroup } from "../model/sample.ts";
import type { Side } from "../model/state.ts";
import { observeListeners } from "../observers/listeners.ts";
import { observeSockets } from "../observers/sockets.ts";
import { HeldTally } from "../observers/sockets/held-tally.ts";
import { everyHolder, nameOf } from "../observers/sockets/holders.ts";
import { countStates } from "../observers/sockets/states.ts";
import { reportCensus, type Census } from "../report/census.ts";
import { parseOptionsOnly, wholeNumber, type Command } from "./command.ts";
import { UsageError } from "../runs/errors.ts";
import { entering, openNamespace } from "./census-namespace.ts";
import { watchCensus } from "./census-watch.ts";
import { EXIT } from "./exit.ts";

/** The bound on pids: PID_MAX_LIMIT, include/linux/threads.h. */
const PID_MOST = 4_194_304;

const help = `lastack census - every TCP socket of a network namespace, by state, side, queue and timer

Usage: lastack census [--pid P] [--port N] [--watch] [--json]

  --pid P     the network namespace of process P (default: lastack's own namespace)
  --port N    only sockets whose local or remote port is N; the kernel filters them
  --watch     show the census twice a second, until Ctrl+C: on a terminal in place, in as many lines
              as fit; elsewhere with the time, whenever it has changed
  --json      one JSON document: {total, states, sides: {listener, connector}, groups,
              held: {processes, none, unseen}, listeners}

A socket on a port with a listener is on the listener's side. Every other socket is on the
connector's side. There is no row for CLOSED. Processes are shown by name and pid; without root, only
those of this user. No process holds a TIME-WAIT, or a connection that still waits for accept(). The
command only reads; it changes no socket.

Examples:
  lastack census
  lastack census --port 8080 --watch
  lastack census --pid 4711 --json | jq .states`;

export const command: Command = {
  help,
  async run(args, terminal) {
    const { values } = parseOptionsOnly(args, {
      pid: { type: "string" },
      port: { type: "string" },
      watch: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    });
    const port = values.port === undefined ? null : wholeNumber(values.port, "--port", 1, 65_535);
    const pid = values.pid === undefined ? null : wholeNumber(values.pid, "--pid", 1, PID_MOST);
    if (values.watch && values.json)
      throw new UsageError("--watch and --json cannot be combined: --json prints one document only.");
    const namespace = openNamespace(pid);
    const look = entering(pid, () => openCensus(namespace, port));
    if (values.watch) return watchCensus(look, terminal);
    const census = look();
    terminal.out(
      values.json ? JSON.stringify(census, null, 2) : reportCensus(census, { columns: terminal.rowColumns }),
    );
    return EXIT.clean;
  },
};

function openCensus(namespace: NetworkNamespace, port: number | null): () => Census {
  const host = { name: namespace.name, namespace };
  const tally = new HeldTally();
  const sockets = observeSockets(host, {
    each: (row) => tally.add(row),
    ...(port !== null && { ports: [port] }),
  });
  const listeners = observeListeners(host);
  const moment = { atUs: 0, phase: "setup" } as const;
  return () => {
    tally.begin(everyHolder());
    const { groups } = sockets.look(moment);
    const rows = listeners
      .look(moment)
      .listeners.filter((listener) => port === null || listener.port === port);
    return {
      total: sum(groups),
      states: countStates(groups),
      sides: {
        listener: countStates(ofSide(groups, "listener")),
        connector: countStates(ofSide(groups, "connector")),
      },
      groups,
      held: tally.held(nameOf),
      listeners: rows,
    };
  };
}

function ofSide(groups: SocketGroup[], side: Side): SocketGroup[] {
  return groups.filter((group) => group.side === side);
}

function sum(groups: SocketGroup[]): number {
  return groups.reduce((total, { count }) => total + count, 0);
}
