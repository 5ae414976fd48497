import Table from "cli-table3";
import type { ListenersSample, SocketGroup } from "../model/sample.ts";
import { TCP_STATES, type TcpState } from "../model/state.ts";

/** The sockets of one namespace at one moment. */
export interface Census {
  total: number;
  states: Partial<Record<TcpState, number>>;
  sides: { listener: Partial<Record<TcpState, number>>; connector: Partial<Record<TcpState, number>> };
  groups: SocketGroup[];
  listeners: ListenersSample["listeners"];
}

/** Borders of cli-table3, all off: columns are kept apart by blanks. */
const PLAIN = {
  chars: Object.fromEntries(
    ["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"]
      .concat(["left", "left-mid", "mid", "mid-mid", "right", "right-mid"])
      .map((part) => [part, ""]),
  ),
  style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
};

/** A census as text: states by side, then what stands out (queues, timers), then the accept queues. */
export function reportCensus(census: Census, options: { columns: number }): string {
  const blocks = [statesTable(census), groupsTable(census.groups), listenersTable(census.listeners)];
  return blocks
    .filter((block) => block !== "")
    .join("\n\n")
    .split("\n")
    .map((line) => line.trimEnd().slice(0, options.columns))
    .join("\n");
}

function statesTable({ total, states, sides }: Census): string {
  const table = new Table({
    ...PLAIN,
    head: ["state", "listening end", "connecting end", "all"],
    colAligns: ["left", "right", "right", "right"],
  });
  for (const state of TCP_STATES) {
    if (states[state] === undefined) continue;
    table.push([state, sides.listener[state] ?? 0, sides.connector[state] ?? 0, states[state]]);
  }
  table.push(["all", "", "", total]);
  return table.toString();
}

function groupsTable(groups: SocketGroup[]): string {
  const connections = groups.filter((group) => group.state !== "LISTEN");
  if (connections.length === 0) return "";
  const head = ["count", "state", "end", "port", "timer", "receive queue", "send queue"];
  const table = new Table({ ...PLAIN, head, colAligns: ["right"] });
  for (const group of connections.toSorted((a, b) => b.count - a.count)) {
    const end = group.side === "listener" ? "listening" : "connecting";
    table.push([group.count, group.state, end, group.port, group.timer, group.receiveQueue, group.sendQueue]);
  }
  return table.toString();
}

function listenersTable(listeners: Census["listeners"]): string {
  if (listeners.length === 0) return "";
  const table = new Table({
    ...PLAIN,
    head: ["listener", "accept queue", "backlog"],
    colAligns: ["left", "right", "right"],
  });
  for (const { address, port, queue, backlog } of listeners) {
    table.push([`${address}:${port}`, queue, backlog]);
  }
  return table.toString();
}
