import { describe, expect, test } from "vitest";
import type { SocketExample, SocketGroup, SocketsSample } from "../model/sample.ts";
import type { TcpState } from "../model/state.ts";
import { at, group, handMade, socketsAt } from "../recording/hand-made.fixture.ts";
import { socketStates, wasListening } from "./socket-states.ts";

const client = { host: "client", port: 40_001 };
const server = { host: "server", port: 8080 };

function example(local: string, remote: string): SocketExample {
  const queues = { receiveQueueBytes: 0, sendQueueBytes: 0, timerMs: 0, retransmits: 0 };
  return { local, remote, ...queues, uid: 0, inode: 1, pids: [] };
}

const CLIENT = example("[2001:db8::1]:40001", "[2001:db8::2]:8080");
const OTHER = example("[2001:db8::1]:40002", "[2001:db8::2]:8080");

function look(ms: number, ...groups: SocketGroup[]): SocketsSample {
  return socketsAt(at(ms), "client", groups);
}

function one(state: TcpState, ...examples: SocketExample[]): SocketGroup {
  return group(state, "connector", examples.length, { examples });
}

describe("the states of a socket", () => {
  const states = (looks: SocketsSample[], fromMs = 0, untilMs = 1000): unknown[] =>
    socketStates(handMade(looks), client, server, fromMs * 1000, untilMs * 1000).map(
      ({ state, atUs, afterUs }) => [state, atUs / 1000, afterUs === null ? null : afterUs / 1000],
    );

  test("each have the time at which they were first seen, and the look before; a missing socket is CLOSED", () => {
    expect(
      states([
        look(1, one("ESTABLISHED", OTHER)),
        look(2, one("SYN-SENT", CLIENT), one("ESTABLISHED", OTHER)),
        look(3, one("SYN-SENT", CLIENT)),
        look(4, one("ESTABLISHED", OTHER, CLIENT)),
        socketsAt(at(5), "server", []),
        look(6),
        look(7),
      ]),
    ).toEqual([
      ["SYN-SENT", 2, 1],
      ["ESTABLISHED", 4, 3],
      ["CLOSED", 6, 4],
    ]);
  });

  test("are not taken from a look that did not record every socket", () => {
    const many = group("ESTABLISHED", "connector", 9, { examples: [OTHER] });
    const elsewhere = group("ESTABLISHED", "connector", 9, { port: 22 });
    const seen = [look(2, one("SYN-SENT", CLIENT)), look(3, many)];
    expect(states(seen)).toEqual([["SYN-SENT", 2, null]]);
    expect(states([...seen, look(4, elsewhere)])).toEqual([
      ["SYN-SENT", 2, null],
      ["CLOSED", 4, 2],
    ]);
  });

  test("are those between the two moments", () => {
    const looks = [1, 2, 3].map((ms) => look(ms, one("TIME-WAIT", CLIENT)));
    expect(states(looks, 2, 1000)).toEqual([["TIME-WAIT", 2, 1]]);
    expect(states(looks, 0, 1)).toEqual([]);
  });
});

test("a listener is searched in the last look before the moment", () => {
  const recording = handMade([
    socketsAt(at(1), "server", [group("LISTEN", "listener", 1)]),
    socketsAt(at(5), "server", []),
  ]);
  expect(wasListening(recording, server, 2000)).toBe(true);
  expect(wasListening(recording, { ...server, port: 81 }, 2000)).toBe(false);
  expect(wasListening(recording, server, 6000)).toBe(false);
  expect(wasListening(recording, server, 500)).toBe(false);
});
