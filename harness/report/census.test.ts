import { describe, expect, test } from "vitest";
import { group } from "../recording/hand-made.fixture.ts";
import type { Census } from "../model/census.ts";
import { reportCensus } from "./census.ts";
import { censusLine } from "./census/line.ts";
import { figuresOf } from "./census/watched.ts";
import { Trends } from "./trends.ts";

const HERE: Census["read"] = { by: "sock_diag", pid: null, because: null, missing: [] };

test("a census shows a state or timer without a name by its number, below the named ones", () => {
  const groups = [
    group("ESTABLISHED", "listener", 3, { state: "unknown-14" }),
    group("CLOSE-WAIT", "listener", 97, { timer: "unknown-6" }),
    group("SYN-SENT", "connector", 2, { timer: "delack" }),
  ];
  const text = reportCensus(
    {
      total: 102,
      states: { "unknown-14": 3, "CLOSE-WAIT": 97, "SYN-SENT": 2 },
      sides: { listener: { "unknown-14": 3, "CLOSE-WAIT": 97 }, connector: { "SYN-SENT": 2 } },
      groups,
      held: { processes: [], none: {}, unseen: {} },
      listeners: [],
      read: HERE,
    },
    { columns: 100 },
  );
  const words = text.split("\n").map((line) => line.trim().split(/\s+/));
  expect(words.slice(1, 5).map(([first]) => first)).toEqual(["SYN-SENT", "CLOSE-WAIT", "unknown-14", "all"]);
  expect(words.find(([count]) => count === "97")).toContain("unknown-6");
  expect(words.find(([count]) => count === "2")).toContain("delack");
});

/** A busy server: twelve listeners, nine states, and three processes. */
const busy: Census = {
  total: 3141,
  states: {
    LISTEN: 12,
    "SYN-SENT": 1,
    ESTABLISHED: 997,
    "FIN-WAIT-1": 2,
    "FIN-WAIT-2": 31,
    "CLOSE-WAIT": 97,
    CLOSING: 3,
    "LAST-ACK": 5,
    "TIME-WAIT": 1993,
  },
  sides: {
    listener: { LISTEN: 12, ESTABLISHED: 997, "CLOSE-WAIT": 97, "TIME-WAIT": 1993 },
    connector: { "SYN-SENT": 1, "FIN-WAIT-1": 2, "FIN-WAIT-2": 31, CLOSING: 3, "LAST-ACK": 5 },
  },
  groups: Array.from({ length: 17 }, (_, nth) =>
    group("CLOSE-WAIT", "listener", nth + 1, { port: 8000 + nth }),
  ),
  held: {
    processes: [
      {
        pid: 4711,
        name: "node",
        sockets: 1097,
        states: { ESTABLISHED: 997, "CLOSE-WAIT": 97, LISTEN: 3 },
        sides: { listener: 1000, connector: 97 },
        unreadBytes: 23,
        unacknowledgedBytes: 199,
      },
      {
        pid: 23,
        name: "evil\u001b[2J",
        sockets: 9,
        states: { LISTEN: 9 },
        sides: { listener: 9, connector: 0 },
        unreadBytes: 0,
        unacknowledgedBytes: 0,
      },
    ],
    none: { "TIME-WAIT": 1993 },
    unseen: { "LAST-ACK": 5 },
  },
  listeners: Array.from({ length: 12 }, (_, nth) => ({
    address: "127.0.0.1",
    port: 8000 + nth,
    queue: nth === 11 ? 5 : 0,
    backlog: 511,
    inode: nth + 1,
  })),
  peers: [
    {
      side: "connector",
      address: "2001:db8::5",
      port: 5432,
      sockets: 97,
      states: { "CLOSE-WAIT": 97 },
      localPorts: 96,
    },
    {
      side: "listener",
      address: "192.0.2.7",
      port: 8080,
      sockets: 23,
      states: { ESTABLISHED: 23 },
      localPorts: 1,
    },
  ],
  ages: [
    {
      state: "CLOSE-WAIT",
      figure: "nothingReceived",
      sockets: 97,
      counts: [0, 3, 0, 94, 0, 0],
      leastMs: 1200,
      middleMs: 240_000,
      mostMs: 599_000,
    },
    {
      state: "SYN-SENT",
      figure: "notShown",
      sockets: 1,
      counts: [],
      leastMs: null,
      middleMs: null,
      mostMs: null,
    },
  ],
  read: HERE,
};

test.each([
  [80, 24],
  [80, 23],
  [60, 17],
  [40, 10],
  [40, 5],
])("a census fits on a screen of %d by %d, and the states stay", (columns, rows) => {
  const lines = reportCensus(busy, { columns, rows }).split("\n");
  expect(lines.length).toBeLessThanOrEqual(rows);
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(columns);
  expect(lines[0]).toMatch(/^state .* all$/);
  expect(lines.join("\n")).toMatch(/^TIME-WAIT +1993 +0 +1993$/m);
  expect(lines.join("\n")).toMatch(/^all +3141$/m);
});

test("a census on a screen of 80 by 24 has something of every block, and says how much is missing", () => {
  const text = reportCensus(busy, { columns: 80, rows: 23 });
  expect(text).toMatch(/\n\ncount +state .*\n +17 +CLOSE-WAIT/);
  expect(text).toMatch(/\n\nheld by .*\nno process +1993 +1993 TIME-WAIT\n|\nnode \(pid 4711\) +1097/);
  expect(text.match(/^\.\.\. and \d+ more$/gm)?.length).toBeGreaterThanOrEqual(1);
});

test("a census says who holds the sockets, by name and pid, and without control characters", () => {
  const text = reportCensus(busy, { columns: 100 });
  expect(text).toMatch(/^node \(pid 4711\) +1097 {2}3 LISTEN, 997 ESTABLISHED, 97 CLOSE-WAIT$/m);
  expect(text).toMatch(/^evil\?\[2J \(pid 23\) +9 {2}9 LISTEN$/m);
  expect(text).toMatch(/^no process +1993 {2}1993 TIME-WAIT$/m);
  expect(text).toMatch(/^no visible process +5 {2}5 LAST-ACK$/m);
  expect(text).toMatch(/^listener .*\n127\.0\.0\.1:8011 +5 +511\n127\.0\.0\.1:8000 /m);
  expect(text).not.toContain("more");
});

/** A machine with a few states and many listeners. */
const quiet: Census = {
  ...busy,
  states: { LISTEN: 12, ESTABLISHED: 997 },
  sides: { listener: { LISTEN: 12, ESTABLISHED: 997 }, connector: {} },
};

test("a census on a small screen has the states, then as many listeners as fit, and how many more there are", () => {
  const lines = reportCensus(quiet, { columns: 40, rows: 9 }).split("\n");
  expect(lines).toEqual([
    "state        listen  connect   all",
    "LISTEN           12        0    12",
    "ESTABLISHED     997        0   997",
    "all                           3141",
    "",
    "listener        accept queue  backlog",
    "127.0.0.1:8011             5      511",
    "127.0.0.1:8000             0      511",
    "... and 10 more",
  ]);
  const low = reportCensus(quiet, { columns: 40, rows: 7 });
  expect(low).toMatch(/\n\nlistener +accept queue +backlog\n\.\.\. and 12 more$/);
  const higher = reportCensus(quiet, { columns: 40, rows: 14 });
  expect(higher).toMatch(/^all .*\n\nheld by .*\n[^]*\n\nlistener .*\n127/m);
  expect(higher).not.toContain("timer");
});

test("a census that is not drawn on a screen is not cut off", () => {
  expect(reportCensus(busy, { columns: 40 })).toContain("3 LISTEN, 997 ESTABLISHED, 97 CLOSE-WAIT\n");
});

test("rows that only their holder tells apart have one more column, and no others", () => {
  const shown = (...groups: Census["groups"]): string =>
    reportCensus(
      { ...busy, groups, held: { processes: [], none: {}, unseen: {} }, listeners: [] },
      { columns: 200 },
    );
  const [own, queued] = (["process", "listener"] as const).map((owner) =>
    group("ESTABLISHED", "listener", 7, { owner }),
  ) as [Census["groups"][0], Census["groups"][0]];
  expect(shown(own)).not.toMatch(/held by/);
  const text = shown(own, queued);
  expect(text).toMatch(/send queue\s+held by$/m);
  expect(text).toMatch(/7\s+ESTABLISHED .* a process$/m);
  expect(text).toMatch(/7\s+ESTABLISHED .* the listener$/m);
});

describe("a census by something else is that table alone", () => {
  const shown = (options: Parameters<typeof reportCensus>[1]): string => reportCensus(busy, options);

  test("by owner, with both ends and the bytes that wait", () => {
    const text = shown({ by: "owner", columns: 200 });
    expect(text).toMatch(/^held by +sockets +listening +connecting +unread B +unacked B$/m);
    expect(text).toMatch(/^node \(pid 4711\) +1097 +1000 +97 +23 +199 {2}3 LISTEN, 997 ESTABLISHED/m);
    expect(text).toMatch(/^evil\?\[2J \(pid 23\) +9 +9 +0 +0 +0 {2}9 LISTEN$/m);
    expect(text).not.toMatch(/^state|^listener/m);
  });

  test("by peer, where the port is the service's at either end", () => {
    const text = shown({ by: "peer", columns: 200 });
    expect(text).toMatch(/^to \[2001:db8::5\]:5432 +97 {2}connecting +96 {2}97 CLOSE-WAIT$/m);
    expect(text).toMatch(/^192\.0\.2\.7 at port 8080 +23 {2}listening +1 {2}23 ESTABLISHED$/m);
  });

  test("by age, and each figure says what it is", () => {
    const text = shown({ by: "age", columns: 200 });
    expect(text).toMatch(/^CLOSE-WAIT +nothing received for +97 +1\.2s +4\.0m +9\.9m +0 +3 +0 +94 +0 +0$/m);
    expect(text).toMatch(/^SYN-SENT +the kernel shows no time +1$/m);
  });

  test.each(["owner", "peer", "age"] as const)("by %s fits a small screen", (by) => {
    for (const [columns, rows] of [
      [80, 23],
      [40, 5],
      [40, 2],
    ] as const) {
      const lines = shown({ by, columns, rows }).split("\n");
      expect(lines.length).toBeLessThanOrEqual(rows);
      for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(columns);
    }
  });
});

describe("a census that is watched", () => {
  const COUNTERS = ["TcpExtListenOverflows", "TcpInSegs", "sockstat.TCP.inuse"];
  /** Two looks, a second apart: `node` got 23 sockets more in CLOSE-WAIT, and counters moved by 5, 997 and 3. */
  function watched(style: "ascii" | "unicode"): Trends {
    const trends = new Trends(style);
    const before: Census = {
      ...busy,
      states: { ...busy.states, "CLOSE-WAIT": 74 },
      held: {
        ...busy.held,
        processes: busy.held.processes.map((one, nth) => ({ ...one, sockets: nth === 0 ? one.sockets : 7 })),
      },
    };
    trends.add(figuresOf(before, new Map(COUNTERS.map((name) => [name, 1]))), 0);
    trends.add(figuresOf(busy, new Map(COUNTERS.map((name, nth) => [name, [6, 998, 4][nth] ?? 0]))), 2000);
    return trends;
  }

  test("shows by how many the sockets of a state have changed, and how they have moved", () => {
    const text = reportCensus(busy, { columns: 100, trends: watched("unicode") });
    expect(text).toMatch(/^state .* all +\+\/- {2}trend$/m);
    expect(text).toMatch(/^CLOSE-WAIT +97 +0 +97 +\+23 {2}▁█$/m);
    expect(text).toMatch(/^TIME-WAIT +1993 +0 +1993 +▁▁$/m);
    expect(text).toMatch(/^all +3141 +\+23$/m);
    expect(reportCensus(busy, { columns: 100, trends: watched("ascii") })).toMatch(/\+23 {2}_%$/m);
  });

  test("shows the counters that move, a second, and those of packets last", () => {
    const text = reportCensus(busy, { columns: 100, trends: watched("ascii") });
    expect(text).toMatch(/\ncounter .*\nTcpExtListenOverflows +2\.5 {2}_\nTcpInSegs +499 {2}_\n/);
    expect(text).not.toContain("sockstat");
  });

  test("has first what moves", () => {
    const text = reportCensus(busy, { by: "owner", columns: 200, trends: watched("ascii") });
    expect(text.split("\n")[1]).toMatch(/^evil.* 9 +\+2 /);
  });

  test.each([
    [80, 23],
    [60, 12],
    [40, 5],
  ])("fits on a screen of %d by %d", (columns, rows) => {
    for (const by of ["state", "owner", "peer", "age"] as const) {
      const text = reportCensus(busy, { by, columns, rows, trends: watched("unicode") });
      expect(text.split("\n").length).toBeLessThanOrEqual(rows);
      for (const line of text.split("\n")) expect(line.length, line).toBeLessThanOrEqual(columns);
    }
  });

  test("in a pipe is one line", () => {
    const line = censusLine(busy, "state", watched("ascii"));
    expect(line).toMatch(/^3141 sockets \(\+23\): 12 LISTEN, .*97 CLOSE-WAIT \(\+23\)/);
    expect(line).toMatch(/; TcpExtListenOverflows 2\.5\/s$/);
    expect(censusLine(busy, "owner", watched("ascii"))).toBe(
      "3141 sockets (+23): 9 of pid 23 (+2), 1097 of pid 4711; TcpExtListenOverflows 2.5/s",
    );
  });
});

test("a census from /proc says so, why, and what is missing there", () => {
  const read = { by: "proc", pid: 7, because: "of a reason", missing: ["one thing", "another"] } as const;
  const text = reportCensus(
    {
      ...busy,
      listeners: [{ address: "::", port: 80, queue: 3, backlog: null, inode: 5 }],
      read: { ...read, missing: [...read.missing] },
    },
    { columns: 80 },
  );
  expect(text).toMatch(
    /\n\nRead from \/proc\/7\/net\/tcp and tcp6, because of a reason\.\nNot shown there: one thing; another\.$/,
  );
  expect(text).toMatch(/^\[::\]:80 +3 +\?$/m);
});
