import { describe, expect, test } from "vitest";
import type { View } from "../model/expectation.ts";
import type { ListenerRow, ListenersSample, SocketsSample } from "../model/sample.ts";
import { listenerPairs, portIsShared } from "./port-sharing.ts";

const row = (address: string, port: number, inode: number): ListenerRow => ({
  address,
  port,
  queue: 0,
  backlog: 128,
  inode,
});
const look = (...listeners: ListenerRow[]): ListenersSample => ({
  kind: "listeners",
  atUs: 0,
  phase: "load",
  host: "server",
  listeners,
});
const view = (...samples: View["samples"]): View => ({ host: "server", sysctls: {}, samples });
const inodes = (...pairs: ReturnType<typeof listenerPairs>): number[][] =>
  pairs.map((pair) => pair.map(({ inode }) => inode));

function sockets(...ends: string[]): SocketsSample {
  const example = {
    remote: "0.0.0.0:0",
    receiveQueueBytes: 0,
    sendQueueBytes: 0,
    timerMs: 0,
    retransmits: 0,
    uid: 0,
  };
  const group = {
    state: "LISTEN",
    side: "listener",
    port: 8080,
    timer: "none",
    receiveQueue: "empty",
    sendQueue: "empty",
    owner: "listener",
  } as const;
  const examples = ends.map((local, nth) => ({ ...example, local, inode: nth + 1, pids: [] }));
  return {
    kind: "sockets",
    atUs: 0,
    phase: "load",
    host: "server",
    groups: [{ ...group, count: ends.length, examples }],
  };
}

describe("two listeners are a pair", () => {
  test("with one address and port, in both orders", () => {
    const pairs = listenerPairs(
      look(row("192.0.2.1", 80, 1), row("192.0.2.1", 80, 2), row("192.0.2.1", 81, 3)),
    );
    expect(inodes(...pairs)).toEqual([
      [1, 2],
      [2, 1],
    ]);
  });

  test("but not with two addresses, nor one socket with itself", () => {
    expect(listenerPairs(look(row("192.0.2.1", 80, 1), row("192.0.2.2", 80, 2)), "together")).toEqual([]);
    expect(listenerPairs(look(row("0.0.0.0", 80, 1)), "together")).toEqual([]);
  });

  test("for all addresses of both families only where they count together", () => {
    const both = look(row("0.0.0.0", 80, 1), row("::", 80, 2));
    expect(listenerPairs(both)).toEqual([]);
    expect(listenerPairs(both, "together")).toHaveLength(2);
  });
});

describe("whether a port is shared", () => {
  test("is seen in samples of listeners", () => {
    expect(portIsShared(view(look(row("::", 80, 1), row("::", 80, 2))))).toBe(true);
    expect(portIsShared(view(look(row("::", 80, 1))))).toBe(false);
  });

  test("is denied by samples of sockets alone, and not confirmed by them", () => {
    expect(portIsShared(view(sockets("0.0.0.0:80", "[::]:81")))).toBe(false);
    expect(portIsShared(view(sockets("0.0.0.0:80", "[::]:80")))).toBeNull();
    expect(portIsShared(view())).toBeNull();
  });
});
