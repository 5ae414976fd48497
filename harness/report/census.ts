import type { ListenersSample, SocketGroup } from "../model/sample.ts";
import type { SeenState, StateCounts } from "../model/state.ts";
import { inOrderOfLife } from "./state-order.ts";
import { plainTable } from "./table.ts";

/** The sockets of one namespace at one moment. */
export interface Census {
  total: number;
  states: StateCounts;
  sides: { listener: StateCounts; connector: StateCounts };
  groups: SocketGroup[];
  listeners: ListenersSample["listeners"];
}

/** A census as text: states by side, then what stands out (queues, timers), then the accept queues. */
export function reportCensus(census: Census, options: { columns: number }): string {
  return [statesTable(census), groupsTable(census.groups), listenersTable(census.listeners)]
    .filter((block) => block.length > 0)
    .map((block) => block.map((line) => line.slice(0, options.columns)).join("\n"))
    .join("\n\n");
}

function statesTable({ total, states, sides }: Census): string[] {
  const seen = (Object.keys(states) as SeenState[]).toSorted(inOrderOfLife);
  const rows = seen.map((state) => [
    ...[state, sides.listener[state] ?? 0, sides.connector[state] ?? 0, states[state] ?? 0].map(String),
  ]);
  const head = ["state", "listening end", "connecting end", "all"];
  return plainTable([head, ...rows, ["all", "", "", String(total)]], ["left", "right", "right", "right"]);
}

function groupsTable(groups: SocketGroup[]): string[] {
  const connections = groups
    .filter((group) => group.state !== "LISTEN")
    .toSorted((a, b) => b.count - a.count);
  if (connections.length === 0) return [];
  const head = ["count", "state", "end", "port", "timer", "receive queue", "send queue"];
  const rows = connections.map(({ count, state, side, port, timer, receiveQueue, sendQueue }) => [
    ...[String(count), state, side === "listener" ? "listening" : "connecting"],
    ...[String(port), timer, receiveQueue, sendQueue],
  ]);
  return plainTable([head, ...rows], ["right", "left", "left", "right", "left", "left", "left"]);
}

function listenersTable(listeners: Census["listeners"]): string[] {
  if (listeners.length === 0) return [];
  const rows = listeners.map(({ address, port, queue, backlog }) => [
    `${address.includes(":") ? `[${address}]` : address}:${port}`,
    ...[queue, backlog].map(String),
  ]);
  return plainTable([["listener", "accept queue", "backlog"], ...rows], ["left", "right", "right"]);
}
