import { expect, test } from "vitest";
import type { Limit, Turn } from "../model/comparison.ts";
import { turn } from "./hand-made.fixture.ts";
import { limitOf } from "./limit.ts";

const CONNECTIONS = 7;

test.each<[string, Partial<Turn>, number | null, Limit]>([
  ["a server that is busy", { serverCores: 0.9, clientCores: 0.5 }, 0, "server CPU"],
  ["a client that is busier", { serverCores: 0.5, clientCores: 0.9 }, 0, "client CPU"],
  ["a busy client, the server not observed", { serverCores: null, clientCores: 0.9 }, 0, "client CPU"],
  [
    "a client that is not busy, the server not observed",
    { serverCores: null, clientCores: 0.5 },
    0,
    "nothing in sight",
  ],
  ["ends that work nearly the same", { serverCores: 0.6, clientCores: 0.7 }, 0, "CPU at both ends"],
  // 7 connections at 340 a second: each request takes 20.6 ms, 20 ms of them on its way.
  ["long round trips", { perSecond: 340, serverCores: 0.3 }, 20, "round trips"],
  // With a connection for each request, it is twice as many round trips.
  ["round trips of handshakes", { perSecond: 170, connectionsEach: 1, serverCores: 0.5 }, 20, "round trips"],
  ["a server that is busy, with short round trips", { perSecond: 3000, serverCores: 0.9 }, 1, "server CPU"],
  [
    "ports that made connect() slow",
    { serverCores: 0.9, ports: { most: 14_462, taken: 14_462, range: 28_232, keptS: 60, slow: true } },
    0,
    "ports",
  ],
  ["ports, whatever else", { serverCores: 0.9, errors: { "connect EADDRNOTAVAIL": 1 } }, 0, "ports"],
])("%s", (_, figures, rttMs, limit) => {
  expect(limitOf([turn(figures), turn(figures), turn({ serverCores: 0.1 })], rttMs, CONNECTIONS)).toBe(limit);
});

test.each<[string, Turn["busy"], Limit]>([
  ["a server without slack", { client: 0.5, server: 1 }, "server CPU"],
  ["a client without slack beside a server with some", { client: 0.97, server: 0.6 }, "client CPU"],
  ["both ends", { client: 0.97, server: 0.95 }, "CPU at both ends"],
  [
    "a client without slack beside a server that was not observed",
    { client: 0.97, server: null },
    "client CPU",
  ],
  [
    "neither end, because other programs had the processors",
    { client: 0.3, server: 0.2 },
    "nothing in sight",
  ],
])("with a server that already runs, waits for a processor count as work: %s", (_, busy, limit) => {
  // The client used more processor time than the server, which decides nothing here.
  const one = turn({ busy, clientCores: 0.29, serverCores: 0.1 });
  expect(limitOf([one, one, one], null, CONNECTIONS)).toBe(limit);
});
