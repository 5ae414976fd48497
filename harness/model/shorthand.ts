import type { PhaseName } from "./names.ts";
import type { Condition, InterventionPlan, SocketSelector } from "./setup.ts";
import type { TcpState } from "./state.ts";

// Parts that many setups have in common.

/** The same calls of `clients/calls`, so many times one after another. */
export function times(count: number, calls: string[]): string[] {
  return Array.from({ length: count }, () => calls).flat();
}

/** That the hosts `client` and `server` each have so many of these sockets. */
export function atBothEnds(
  which: Omit<SocketSelector, "host">,
  bound: { atLeast: number } | { atMost: number },
): Condition {
  return { all: ["client", "server"].map((host) => ({ sockets: { host, ...which }, ...bound })) };
}

const UNDER_WAY: TcpState[] = [
  "ESTABLISHED",
  "FIN-WAIT-1",
  "FIN-WAIT-2",
  "CLOSE-WAIT",
  "CLOSING",
  "LAST-ACK",
];

/** That all connections of a port are over, or in TIME-WAIT, at both ends. `before`: states before ESTABLISHED that count as well. */
export function allOver(port: number, before: TcpState[] = []): Condition {
  const state = [...before, ...UNDER_WAY];
  return { heldForMs: 100, condition: atBothEnds({ state, port }, { atMost: 0 }) };
}

/** An intervention that changes nothing: it marks a time for rules of wires and scripts of peers. */
export function mark(name: string, when: Condition, phase: PhaseName = "load"): InterventionPlan {
  return { name, phase, when, do: { nothing: true } };
}
