import { expect, test } from "vitest";
import { group, look } from "../load/load-run.fixture.ts";
import { ownSockets } from "./own-sockets.ts";

const at = (
  seconds: number,
  opened: number,
  { open, client, server = 0 }: { open: number; client: number; server?: number },
) =>
  look(
    seconds,
    [
      group("connector", "ESTABLISHED", open),
      group("connector", "TIME-WAIT", client),
      group("listener", "TIME-WAIT", server),
    ],
    undefined,
    { TcpActiveOpens: opened },
  );

test("seven kept connections use seven ports, whatever earlier arms left in TIME-WAIT", () => {
  const looks = [
    at(0, 0, { open: 0, client: 13_966 }),
    at(1, 7, { open: 7, client: 13_966 }),
    // 150 connections of other programs in the same namespace.
    at(2, 157, { open: 0, client: 13_500 }),
  ];
  expect(ownSockets(looks, { used: 7, serverCloses: false })).toEqual({
    clientTimeWait: 7,
    serverTimeWait: 0,
    ports: 7,
  });
});

test("connections that the arm closed are its own, also if sockets of earlier arms expired or were used again", () => {
  const looks = [at(0, 0, { open: 0, client: 9000 }), at(1, 5007, { open: 7, client: 10_000 })];
  expect(ownSockets(looks, { used: 5007, serverCloses: false })).toEqual({
    clientTimeWait: 5000,
    serverTimeWait: 0,
    ports: 5007,
  });
});

test("if the server closes first, the client has none, and the server those that were closed", () => {
  const looks = [
    at(0, 0, { open: 0, client: 400, server: 300 }),
    at(1, 107, { open: 7, client: 400, server: 400 }),
  ];
  expect(ownSockets(looks, { used: 107, serverCloses: true })).toEqual({
    clientTimeWait: 0,
    serverTimeWait: 100,
    ports: 7,
  });
});
