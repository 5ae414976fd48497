import { describe, expect, test } from "vitest";
import type { SocketExample } from "../model/sample.ts";
import { at, exampleOf, group, handMade, processesAt, socketsAt } from "../recording/hand-made.fixture.ts";
import { holders, processSeries, sharedSockets } from "./processes.ts";
import { exampleRows, mostReckoned, socketSeries, type Sockets, untoldAmong } from "./sockets.ts";
import { view } from "./view.ts";

const row = (inode: number, pids: number[]): SocketExample => exampleOf({ inode, pids });

const recording = handMade([
  socketsAt(at(10), "server", [group("ESTABLISHED", "listener", 5), group("CLOSE-WAIT", "listener", 2)]),
  socketsAt(at(12), "client", [group("ESTABLISHED", "connector", 7)]),
  socketsAt(at(20, "drain"), "server", [
    group("CLOSE-WAIT", "listener", 4, {
      receiveQueue: "holding",
      owner: "shared",
      examples: [row(7, [31, 32])],
    }),
    group("CLOSE-WAIT", "listener", 3, {
      port: 9090,
      timer: "on",
      sendQueue: "holding",
      owner: "process",
      examples: [row(8, [33])],
    }),
  ]),
  processesAt(
    at(20),
    "server",
    [{ pid: 31 }, { pid: 32, name: "sleep", parentPid: 31 }],
    [{ inode: 7, pids: [31, 32] }],
  ),
  processesAt(
    at(30),
    "server",
    [{ pid: 31, descriptors: 22 }],
    [
      { inode: 7, pids: [31, 34] },
      { inode: 9, pids: [31, 32] },
    ],
  ),
  processesAt(at(40), "server", [{ pid: 31, descriptors: 21 }], [{ inode: 7, pids: [32, 31] }]),
]);

describe("sockets", () => {
  test.each<[Sockets, number]>([
    [{}, 7],
    [{ state: "CLOSE-WAIT" }, 7],
    [{ state: ["CLOSE-WAIT", "ESTABLISHED"] }, 7],
    [{ state: "TIME-WAIT" }, 0],
    [{ side: "connector" }, 0],
    [{ port: 9090 }, 3],
    [{ timer: "on" }, 3],
    [{ timer: ["none", "keepalive"] }, 4],
    [{ receiveQueue: "holding" }, 4],
    [{ sendQueue: "empty" }, 4],
    [{ owner: ["shared", "process"] }, 7],
    [{ owner: "process", receiveQueue: "holding" }, 0],
  ])("%j of the server at the last look: %d", (which, count) => {
    expect(socketSeries(recording, { ...which, host: "server" }).last?.value).toBe(count);
    expect(socketSeries(view(recording, "server"), which).last?.value).toBe(count);
  });

  test("have a point for every look at their host, even if there were none", () => {
    const series = socketSeries(recording, { host: "server", state: "ESTABLISHED" });
    expect(series.points).toEqual([
      { atUs: 10_000, phase: "load", value: 5 },
      { atUs: 20_000, phase: "drain", value: 0 },
    ]);
    expect(socketSeries(recording, { host: "router" }).isEmpty).toBe(true);
  });

  test("of all hosts are added up", () => {
    expect(socketSeries(recording, { state: "ESTABLISHED" }).points.map((point) => point.value)).toEqual([
      12, 7,
    ]);
  });

  test("without a timer include those that delay an acknowledgement, but none with an unknown timer", () => {
    const later = handMade([
      socketsAt(at(10), "server", [
        group("CLOSE-WAIT", "listener", 5),
        group("CLOSE-WAIT", "listener", 3, { timer: "delack" }),
        group("CLOSE-WAIT", "listener", 2, { timer: "unknown-6" }),
        group("ESTABLISHED", "listener", 7, { state: "unknown-14" }),
        group("ESTABLISHED", "listener", 11, { timer: "unknown-9" }),
      ]),
    ]);
    const sum = (which: Sockets): number | undefined => socketSeries(later, which).last?.value;
    expect(sum({ timer: "none" })).toBe(5 + 3 + 7);
    expect(sum({ state: "CLOSE-WAIT", timer: ["on", "none"] })).toBe(5 + 3);
    expect(sum({ timer: "delack" })).toBe(3);
    expect(sum({ timer: "keepalive" })).toBe(0);
    expect(sum({})).toBe(28);
    const asked = { state: "CLOSE-WAIT", timer: "none" } as const;
    expect(untoldAmong(later, asked)).toEqual({
      unnamed: ["unknown-6", "unknown-14"],
      uncounted: false,
      unread: [],
    });
    expect(socketSeries(later, asked, "in").last?.value).toBe(5 + 3 + 2 + 7);
    expect(untoldAmong(later, { side: "listener" })).toBeNull();
  });

  test("count by what they exchanged, and it is known where that was not read", () => {
    const counted = handMade([
      socketsAt(at(10), "server", [
        group("ESTABLISHED", "listener", 5, { exchanged: "nothing" }),
        group("ESTABLISHED", "listener", 3, { exchanged: "both" }),
        group("TIME-WAIT", "listener", 2),
      ]),
    ]);
    const established = { state: "ESTABLISHED", exchanged: "nothing" } as const;
    expect(socketSeries(counted, established).last?.value).toBe(5);
    expect(untoldAmong(counted, established)).toBeNull();
    expect(socketSeries(counted, { exchanged: ["nothing", "both"] }).last?.value).toBe(8);
    expect(untoldAmong(counted, { exchanged: "nothing" })).toEqual({
      unnamed: [],
      uncounted: true,
      unread: [],
    });
    expect(untoldAmong(recording, established)).toEqual({ unnamed: [], uncounted: true, unread: [] });
  });

  test("have the rows of the look that saw most of them", () => {
    expect(exampleRows(recording, { state: "CLOSE-WAIT" }).map(({ inode }) => inode)).toEqual([7, 8]);
    expect(exampleRows(recording, { state: "TIME-WAIT" })).toEqual([]);
  });

  test("the number of those that meet a condition is reckoned from the share of the examples that do", () => {
    const group97 = {
      ...group("ESTABLISHED", "listener", 97),
      examples: [7, 8, 9, 10].map((inode) => exampleOf({ inode })),
    };
    const recording = handMade([
      socketsAt(at(10), "server", [group97, { ...group97, count: 2, examples: [] }]),
    ]);
    const which = { state: "ESTABLISHED" } as const;
    expect(mostReckoned(recording, which, ({ inode }) => inode > 7)).toBe(73);
    expect(mostReckoned(recording, which, ({ inode }) => inode > 10)).toBe(0);
    expect(mostReckoned(recording, which, ({ inode }) => (inode > 7 ? true : null))).toBeNull();
    expect(mostReckoned(recording, { state: "SYN-SENT" }, () => null)).toBe(0);
  });
});

describe("processes", () => {
  test("that hold sockets are named, if a sample has their names", () => {
    expect(holders(recording, { host: "server", state: "CLOSE-WAIT" })).toEqual([
      { pid: 31, name: "node", program: "server" },
      { pid: 32, name: "sleep", program: "server" },
      { pid: 33, name: null, program: null },
    ]);
  });

  test("that hold one socket together in two looks are found by its inode", () => {
    expect(sharedSockets(recording)).toEqual([
      {
        host: "server",
        inode: 7,
        fromUs: 20_000,
        toUs: 40_000,
        holders: [
          { pid: 31, name: "node", program: "server" },
          { pid: 32, name: "sleep", program: "server" },
        ],
      },
    ]);
    expect(sharedSockets(recording, "client")).toEqual([]);
  });

  test("have figures that are summed over a program's processes", () => {
    const descriptors = processSeries(recording, { host: "server", program: "server" }, "descriptors");
    expect(descriptors.points.map((point) => point.value)).toEqual([40, 22, 21]);
    expect(processSeries(recording, { program: "other" }, "sockets").last?.value).toBe(0);
  });
});
