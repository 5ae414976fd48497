import type { Look } from "../load/load-run.ts";
import { statesOf } from "../load/ports.ts";

/** Sockets in TIME-WAIT at the two ends, and local ports of the client, at the moment with the most of them. */
export interface OwnSockets {
  clientTimeWait: number;
  serverTimeWait: number;
  ports: number;
}

/**
 * The sockets of one arm. The samples also contain what earlier arms left in TIME-WAIT, some of which expires meanwhile or is used again
 * (net.ipv4.tcp_tw_reuse). The end that closes first has at most as many in TIME-WAIT as the arm has opened and closed connections. The
 * other end has only those that came in addition to what was there before. `used` is how many connections the arm opened: the namespace's
 * counter also counts those of other programs.
 */
export function ownSockets(
  looks: readonly Look[],
  { used, serverCloses }: { used: number; serverCloses: boolean },
): OwnSockets {
  const [before] = looks;
  const most: OwnSockets = { clientTimeWait: 0, serverTimeWait: 0, ports: 0 };
  if (before === undefined) return most;
  for (const look of looks) {
    const client = sidesOf(look, "connector");
    const closed = Math.max(0, Math.min(used, look.counters.deltas["TcpActiveOpens"] ?? 0) - client.open);
    const own = (side: "connector" | "listener", closes: boolean): number => {
      const { timeWait } = sidesOf(look, side);
      return closes ? Math.min(timeWait, closed) : Math.max(0, timeWait - sidesOf(before, side).timeWait);
    };
    const clientTimeWait = own("connector", !serverCloses);
    most.clientTimeWait = Math.max(most.clientTimeWait, clientTimeWait);
    most.serverTimeWait = Math.max(most.serverTimeWait, own("listener", serverCloses));
    most.ports = Math.max(most.ports, client.open + clientTimeWait);
  }
  return most;
}

function sidesOf(look: Look, side: "connector" | "listener"): { timeWait: number; open: number } {
  const states = statesOf(look.sockets.groups, side);
  const timeWait = states["TIME-WAIT"] ?? 0;
  return { timeWait, open: Object.values(states).reduce((sum, count) => sum + count, 0) - timeWait };
}
