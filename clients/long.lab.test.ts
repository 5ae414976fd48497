import { afterEach, expect, test } from "vitest";
import { numbers, runClient } from "./fixture/client-process.fixture.ts";
import { closeServers, rawServer } from "./fixture/server.fixture.ts";

afterEach(closeServers);

/** At this rate, the server acts on an idle connection 5 ms after its answer, and the client sees it before the next attempt is due. */
const EVERY_SECOND = ["--rate", "1"];

test("a connection that the server closes while it is idle is replaced by the next attempt, which connects", async () => {
  const { to } = await rawServer((peer, data) => {
    peer.write(data, () => setTimeout(() => peer.end(), 5));
  });
  const run = await runClient("long-tcp", ["--to", to, "--attempts", "7", ...EVERY_SECOND]);
  expect(run.outcomes).toEqual({ ok: 7 });
  expect(run.attempts.map((row) => row.connection)).toEqual(numbers(7));
  for (const row of run.attempts) expect(row.connectMs).toBeGreaterThan(0);
  // The client closes the last connection as soon as the last response is whole.
  const ends = run.connections.map((row) => `${row.responses} ${row.endedBy} ${row.outcome}`);
  expect(ends).toEqual([...Array<string>(6).fill("1 server ok"), "1 client ok"]);
});

test("a response that ends with its connection is whole, and the next attempt connects", async () => {
  const { to } = await rawServer((peer) => peer.end("HTTP/1.1 200 OK\r\n\r\nuntil the end"));
  const run = await runClient("long-http", ["--to", to, "--attempts", "23", "--concurrency", "2"]);
  expect(run.outcomes).toEqual({ ok: 23 });
  expect(run.attempts.map((row) => row.connection)).toEqual(numbers(23));
});

test("a response that announces the close is whole, and its connection is not used again", async () => {
  const { to } = await rawServer((peer) => {
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
  });
  const run = await runClient("long-http", ["--to", to, "--attempts", "23", "--concurrency", "2"]);
  expect(run.outcomes).toEqual({ ok: 23 });
  expect(run.attempts.map((row) => row.connection)).toEqual(numbers(23));
});

test("bytes that nobody asked for end an idle connection, and no attempt fails", async () => {
  const { to } = await rawServer((peer, data) => {
    peer.write(data, () => setTimeout(() => peer.write("more\n"), 5));
  });
  const run = await runClient("long-tcp", ["--to", to, "--attempts", "7", ...EVERY_SECOND]);
  expect(run.outcomes).toEqual({ ok: 7 });
  expect(run.attempts.map((row) => row.connection)).toEqual(numbers(7));
  const ends = run.connections.map((row) => `${row.responses} ${row.endedBy} ${row.outcome}`);
  expect(ends).toEqual([...Array<string>(6).fill("1 client close extra-bytes"), "1 client ok"]);
});

test("a failed attempt ends its own connection and no other", async () => {
  let requests = 0;
  const { to } = await rawServer((peer, data) => {
    requests += 1;
    if (requests === 11) peer.resetAndDestroy();
    else peer.write(data);
  });
  const run = await runClient("long-tcp", ["--to", to, "--attempts", "47", "--concurrency", "3"]);
  expect(run.outcomes).toEqual({ ok: 46, "response ECONNRESET": 1 });
  const ends = run.connections.map((row) => `${row.endedBy} ${row.outcome}`);
  expect(ends.toSorted()).toEqual(["client ok", "client ok", "client ok", "server response ECONNRESET"]);
});

test("the server should close at the end and does not: attempts succeed, and connections report it", async () => {
  const { to } = await rawServer((peer, data) => peer.write(data));
  const args = [
    "--to",
    to,
    "--attempts",
    "23",
    "--concurrency",
    "5",
    "--close",
    "server",
    "--timeout-ms",
    "2000",
  ];
  const run = await runClient("long-tcp", args);
  expect(run).toMatchObject({ code: 0, outcomes: { ok: 23 } });
  expect(run.connections.map((row) => row.outcome)).toEqual(Array(5).fill("close timeout"));
});
