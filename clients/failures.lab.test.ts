import { createServer as createHttpServer } from "node:http";
import { afterEach, expect, test } from "vitest";
import { AF_INET, socketAddress } from "../harness/kernel/address.ts";
import * as sockets from "../harness/kernel/socket.ts";
import { CLIENTS, numbers, runClient } from "./fixture/client-process.fixture.ts";
import { closeServers, correctServer, listen, rawServer } from "./fixture/server.fixture.ts";

afterEach(closeServers);

const TCP = CLIENTS.filter((client) => client.endsWith("tcp"));
const HTTP = CLIENTS.filter((client) => client.endsWith("http"));

const ARGS = ["--attempts", "23", "--concurrency", "23"];
/** The timeout for what must time out. It is long enough for all earlier steps, also on a busy machine. */
const SOON_MS = 3000;
const SOON = ["--timeout-ms", String(SOON_MS)];
/** A server waits for this time between its answer and its reset, so that the client has read the answer. */
const LATER_MS = 1500;

/** Runs each client, and expects the same outcome of all its attempts: `phase code call`. */
async function expectAll(clients: string[], to: string, outcome: string, more: string[] = []): Promise<void> {
  const runs = await Promise.all(clients.map((client) => runClient(client, ["--to", to, ...ARGS, ...more])));
  for (const { code, stderr, attempts } of runs) {
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(attempts.map((row) => row.attempt)).toEqual(numbers(23));
    expect(attempts.map((row) => row.connection)).toEqual(numbers(23));
    const [phase, failure, call] = outcome.split(" ");
    for (const row of attempts) expect(row.outcome).toEqual({ phase, code: failure, call });
  }
}

test("nobody listens", async () => {
  // The port is bound, so that no other program can listen there.
  const fd = sockets.socket(AF_INET);
  expect(sockets.bind(fd, socketAddress("127.0.0.1", 0))).toBe(0);
  await expectAll(CLIENTS, `127.0.0.1:${sockets.localPort(fd)}`, "connect ECONNREFUSED connect");
  sockets.close(fd);
});

test("the server resets after the request", async () => {
  const { to } = await rawServer((peer) => peer.resetAndDestroy());
  await expectAll(CLIENTS, to, "response ECONNRESET recv");
});

test("the server resets as soon as it has accepted: connect does not fail, because the connection was there", async () => {
  const { to } = await rawServer(
    () => {},
    (peer) => peer.resetAndDestroy(),
  );
  // The request can be sent before or after the RST comes.
  const either = ["request ECONNRESET", "response ECONNRESET"];
  for (const client of CLIENTS) {
    const { outcomes } = await runClient(client, ["--to", to, ...ARGS]);
    expect(Object.keys(outcomes).filter((outcome) => !either.includes(outcome))).toEqual([]);
  }
});

test("the server closes in the middle of its answer", async () => {
  const line = await rawServer((peer) => peer.end("attempt"));
  await expectAll(TCP, line.to, "response truncated recv");
  const http = await rawServer((peer) => peer.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"));
  await expectAll(HTTP, http.to, "response truncated recv");
});

test("the server closes without an answer", async () => {
  const { to } = await rawServer((peer) => peer.end());
  await expectAll(CLIENTS, to, "response empty recv");
});

test("the server never answers", async () => {
  const { to } = await rawServer(() => {});
  await expectAll(CLIENTS, to, "response timeout recv", SOON);
});

test("the server sends bytes that are no answer", async () => {
  const endless = await rawServer((peer) => peer.write(Buffer.alloc(70_000, "x")));
  await expectAll(TCP, endless.to, "response line-too-long recv");
  await expectAll(HTTP, endless.to, "response not-http recv");
  const mail = await rawServer((peer) => peer.write("220 mail.example ESMTP\r\n"));
  await expectAll(HTTP, mail.to, "response not-http recv");
});

test.each([
  ["line-too-long", `X: ${"x".repeat(16_384)}\r\n\r\n`],
  ["head-too-long", `X: ${"x".repeat(8192)}\r\n`.repeat(9)],
  ["bad-head", "No colon\r\n\r\n"],
  ["bad-head", "Content-Length: 2\r\nContent-Length: 3\r\n\r\nok"],
  ["bad-chunk", "Transfer-Encoding: chunked\r\n\r\nnone\r\n"],
  ["bad-chunk", "Transfer-Encoding: chunked\r\n\r\n2\r\nokay\r\n"],
])("the server sends a response with a fault: %s", async (code, rest) => {
  const { to } = await rawServer((peer) => peer.write(`HTTP/1.1 200 OK\r\n${rest}`));
  await expectAll(HTTP, to, `response ${code} recv`);
});

test("the server changes to another protocol", async () => {
  const { to } = await rawServer((peer) => peer.write("HTTP/1.1 101 Switching Protocols\r\n\r\n"));
  await expectAll(HTTP, to, "response upgraded recv");
});

test("the server sends more than one answer", async () => {
  const lines = await rawServer((peer) => peer.write("one\ntwo\n"));
  await expectAll(TCP, lines.to, "response extra-bytes recv");
  const http = await rawServer((peer) => peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nthree"));
  await expectAll(HTTP, http.to, "response extra-bytes recv");
});

test("the server refuses the request: the attempt fails, and the connection is used again", async () => {
  const { to } = await listen(
    createHttpServer((_request, response) => response.writeHead(503).end("busy\n")),
  );
  const run = await runClient("long-http", ["--to", to, "--attempts", "23", "--concurrency", "5"]);
  expect(run.outcomes).toEqual({ "status 503": 23 });
  expect(new Set(run.attempts.map((row) => row.connection))).toEqual(new Set(numbers(5)));
  await expectAll(["short-http"], to, "status 503 recv");
});

test("the server should close, and does not", async () => {
  const { to } = await rawServer((peer) => peer.write("ok\n"));
  await expectAll(["short-tcp"], to, "close timeout recv", ["--close", "server", ...SOON]);
  const http = await rawServer((peer) => peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
  const { attempts, outcomes } = await runClient("short-http", [
    "--to",
    http.to,
    ...[...ARGS, ...SOON],
    "--close",
    "server",
  ]);
  expect(outcomes).toEqual({ "close timeout": 23 });
  // The response was whole, and its times do not include the wait for the close.
  for (const { connectMs, firstByteMs, totalMs } of attempts) {
    expect(firstByteMs).toBeGreaterThan(connectMs ?? Infinity);
    expect(totalMs).toBeLessThan(SOON_MS);
  }
});

test("the server should close, and resets instead", async () => {
  const { to } = await rawServer((peer) => {
    peer.write("ok\n", () => setTimeout(() => peer.resetAndDestroy(), LATER_MS));
  });
  await expectAll(["short-tcp"], to, "close ECONNRESET recv", ["--close", "server"]);
});

test("the server resets while the connection is held", async () => {
  const { to } = await rawServer((peer) => {
    peer.write("ok\n", () => setTimeout(() => peer.resetAndDestroy(), LATER_MS));
  });
  await expectAll(["short-tcp"], to, "close ECONNRESET recv", ["--hold-ms", "60000"]);
});

test("the descriptors run out", async () => {
  const { to } = await correctServer("short-tcp", "127.0.0.1", false);
  const args = ["--to", to, "--attempts", "97", "--concurrency", "97", "--hold-ms", "3000"];
  const run = await runClient("short-tcp", args, { before: ["prlimit", "--nofile=60:60"] });
  expect(run.code).toBe(0);
  expect(Object.keys(run.outcomes).toSorted()).toEqual(["connect EMFILE", "ok"]);
  const failed = run.attempts.find((row) => row.outcome !== "ok");
  expect(failed).toMatchObject({ outcome: { call: "socket" }, localPort: null, connectMs: null });
});
