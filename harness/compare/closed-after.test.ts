import { expect, test } from "vitest";
import { PLAN } from "../load/load-run.fixture.ts";
import { closedAfter, closedEarlySentences, notKeptSentences } from "./closed-after.ts";
import { armOf } from "./figures.ts";
import { planOf, turn } from "./hand-made.fixture.ts";

const used = (socketsUsed: number, errors = {}) => ({
  requests: 900,
  warmUp: { neverBegun: 0, requests: 100, sockets: 0 },
  socketsUsed,
  errors,
});

test.each([
  ["kept all connections", 11, Infinity, {}, null],
  ["closed each after one answer", 1011, Infinity, {}, 1],
  ["closed each after 100 answers", 21, Infinity, {}, 100],
  ["left it to the client to close after five", 211, 5, {}, null],
  ["closed each after two, where the client would have used five", 511, 5, {}, 2],
  [
    "kept all connections, and the client replaced those that failed",
    61,
    Infinity,
    { "response timeout": 50 },
    null,
  ],
])("a server that %s", (_, sockets, requestsPerConnection, errors, after) => {
  expect(closedAfter({ ...PLAN, requestsPerConnection }, used(sockets, errors))).toBe(after);
});

test("the number is at most what it is said to be: connections that failed or were open at the end are not divided by", () => {
  // 11 connections with a limit of 100 answers: 5 were closed by it, 3 failed, and the open ones had about half of their answers.
  const after = closedAfter(PLAN, { ...used(11 + 5 + 3, { "response timeout": 3 }), requests: 1000 });
  expect(after).toBe(1100 / 5);
  expect(after).toBeGreaterThanOrEqual(100);
});

test("a connection for each request is what the client wants", () => {
  expect(closedAfter({ ...PLAN, mode: "short" }, used(1000))).toBeNull();
});

const arm = (id: number | null, after: number | null) =>
  armOf(planOf(), id, null, [turn({ closedAfter: after }), turn({ closedAfter: after })]);

test("arms whose connections the server did not keep are the same as short", () => {
  expect(notKeptSentences([arm(1, null), arm(5, 1), arm(null, 1.01)])).toEqual([
    "The server closed each connection after one answer, also those of 5 and keep-alive: these arms are the same as short, " +
      "and nothing can be concluded about keep-alive with this server.",
  ]);
  expect(notKeptSentences([arm(1, null), arm(5, null), arm(null, 100)])).toEqual([]);
});

test("arms whose connections the server kept for some answers are named with their number", () => {
  expect(closedEarlySentences([arm(1, null), arm(5, null), arm(null, 100)])).toEqual([
    "The server closed connections before the client would have: of keep-alive after at most 100 answers.",
  ]);
  expect(closedEarlySentences([arm(1, null), arm(null, 1)])).toEqual([]);
});
