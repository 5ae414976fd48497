import { expect, test } from "vitest";
import { group } from "../recording/hand-made.fixture.ts";
import { type Census, reportCensus } from "./census.ts";

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
      { pid: 4711, name: "node", sockets: 1097, states: { ESTABLISHED: 997, "CLOSE-WAIT": 97, LISTEN: 3 } },
      { pid: 23, name: "evil\u001b[2J", sockets: 9, states: { LISTEN: 9 } },
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
