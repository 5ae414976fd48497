import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { needs } from "../../tests/programs/needs.ts";
import type { CountersSample, ListenersSample, SocketGroup } from "../model/sample.ts";

// A program makes 2,307 sockets in its own network namespace, and prints what our observers and ss(8) show of them.

const program = fileURLToPath(new URL("../../tests/fixtures/mixed-sockets.ts", import.meta.url));
const unshare = process.getuid?.() === 0 ? ["--net"] : ["--user", "--map-root-user", "--net"];

interface Seen {
  total: number;
  states: { ours: Record<string, number>; theirs: Record<string, number> };
  onlyOurs: string[];
  onlyTheirs: string[];
  filtered: { ours: string[]; theirs: string[] };
  groups: Omit<SocketGroup, "examples">[];
  listeners: ListenersSample["listeners"];
  deltas: CountersSample["deltas"];
}

let seen: Seen;

beforeAll(() => {
  const { stdout, stderr } = spawnSync(
    "unshare",
    [...unshare, process.execPath, "--import", "tsx", program],
    { encoding: "utf8", timeout: 600_000, maxBuffer: 16 * 1024 * 1024 },
  );
  if (stdout === "") throw new Error(`the program made no sockets: ${stderr}`);
  seen = JSON.parse(stdout) as Seen;
});

describe("a census of mixed sockets", needs("ss"), () => {
  test("agrees with ss, state by state", () => {
    expect(seen.total).toBe(2307);
    expect(seen.states.ours).toEqual(seen.states.theirs);
    expect(Object.keys(seen.states.ours).toSorted()).toEqual([
      "CLOSE-WAIT",
      "ESTABLISHED",
      "FIN-WAIT-1",
      "FIN-WAIT-2",
      "LAST-ACK",
      "LISTEN",
      "SYN-RECEIVED",
      "SYN-SENT",
      "TIME-WAIT",
    ]);
  });

  test("agrees with ss on every socket's ends, queues, timer and inode", () => {
    expect({ onlyOurs: seen.onlyOurs, onlyTheirs: seen.onlyTheirs }).toEqual({
      onlyOurs: [],
      onlyTheirs: [],
    });
  });

  test("agrees with ss when the kernel filters by port", () => {
    // 5 connections that wait for accept(), 7 that do not get into the queue, their listener, and both ends of another.
    expect(seen.filtered.ours).toHaveLength(5 * 2 + 7 + 1 + 2);
    expect(seen.filtered.ours).toEqual(seen.filtered.theirs);
  });
});

describe("groups", needs("ss"), () => {
  const count = (state: string, rest: Partial<SocketGroup>): number =>
    seen.groups
      .filter((group) => group.state === state)
      .filter((group) =>
        Object.entries(rest).every(([key, value]) => group[key as keyof typeof group] === value),
      )
      .reduce((sum, group) => sum + group.count, 0);

  test.each([
    ["ESTABLISHED", "listener", 3 * 255 + 5],
    ["ESTABLISHED", "connector", 3 * 250 + 5 + 13],
    ["TIME-WAIT", "listener", 0],
    ["TIME-WAIT", "connector", 3 * 97],
    ["CLOSE-WAIT", "listener", 3 * 70],
    ["CLOSE-WAIT", "connector", 0],
    ["FIN-WAIT-2", "listener", 3 * 3],
    ["FIN-WAIT-2", "connector", 3 * 70],
    ["LAST-ACK", "connector", 3 * 3],
    ["SYN-RECEIVED", "listener", 13],
    ["SYN-SENT", "connector", 7],
    ["LISTEN", "listener", 5],
  ] as const)("count %s of the %s", (state, side, expected) => {
    expect(count(state, { side })).toBe(expected);
  });

  test("distinguish an orphan's FIN-WAIT-2, which a timer ends, from one that a process holds", () => {
    expect(count("FIN-WAIT-2", { timer: "timewait", owner: "none" })).toBe(3 * 23);
    expect(count("FIN-WAIT-2", { timer: "none", owner: "unseen" })).toBe(3 * 50);
  });

  test("show which queues hold something", () => {
    expect(count("ESTABLISHED", { receiveQueue: "holding" })).toBe(3 * (11 + 5));
    expect(count("FIN-WAIT-1", { sendQueue: "holding", owner: "none" })).toBe(3 * 5);
  });

  test("show connections that wait for accept(): no process holds them yet", () => {
    expect(count("ESTABLISHED", { side: "listener", port: 7919, owner: "none" })).toBe(5);
  });
});

test("the listeners show the full accept queue", needs("ss"), () => {
  expect(seen.listeners).toHaveLength(5);
  expect(seen.listeners.find(({ port }) => port === 7919)).toMatchObject({ queue: 5, backlog: 4 });
});

test("the counters belong to the namespace, and count from when the observer was made", needs("ss"), () => {
  expect(seen.deltas).toMatchObject({
    TcpActiveOpens: 3 * 425 + 12 + 13,
    TcpPassiveOpens: 3 * 425 + 5,
    // TIME-WAIT, and orphans in FIN-WAIT-2, which the kernel keeps as TIME-WAIT.
    "sockstat.TCP.tw": 3 * (97 + 23),
  });
  // Retries of the SYNs count, too.
  expect(seen.deltas["TcpExtListenOverflows"]).toBeGreaterThanOrEqual(7);
});
