import { expect, test } from "vitest";
import type { Limit, Turn } from "../model/comparison.ts";
import { turn } from "./hand-made.fixture.ts";
import { limitOf } from "./limit.ts";

const CONNECTIONS = 7;

test.each<[string, Partial<Turn>, number | null, Limit]>([
  ["a server that is busy", { serverThread: 0.9, clientCores: 0.5 }, 0, "server CPU"],
  ["a client that is busier", { serverThread: 0.5, clientCores: 0.9 }, 0, "client CPU"],
  ["a busy client, the server not observed", { serverThread: null, clientCores: 0.9 }, 0, "client CPU"],
  [
    "a client that is not busy, the server not observed",
    { serverThread: null, clientCores: 0.5 },
    0,
    "nothing in sight",
  ],
  ["ends that work nearly the same", { serverThread: 0.6, clientCores: 0.7 }, 0, "CPU at both ends"],
  // 7 connections at 340 a second: each request takes 20.6 ms, 20 ms of them on its way.
  ["long round trips", { perSecond: 340, serverThread: 0.3 }, 20, "round trips"],
  // With a connection for each request, it is twice as many round trips.
  ["round trips of handshakes", { perSecond: 170, connectionsEach: 1, serverThread: 0.5 }, 20, "round trips"],
  ["a server that is busy, with short round trips", { perSecond: 3000, serverThread: 0.9 }, 1, "server CPU"],
  ["ports, whatever else", { serverThread: 0.9, errors: { "connect EADDRNOTAVAIL": 1 } }, 0, "ports"],
])("%s", (_, figures, rttMs, limit) => {
  expect(limitOf([turn(figures), turn(figures), turn({ serverThread: 0.1 })], rttMs, CONNECTIONS)).toBe(
    limit,
  );
});
