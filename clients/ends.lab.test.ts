import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { CLIENTS, runLoad } from "./fixture/client-process.fixture.ts";
import { closeServers, correctServer, listen, rawServer } from "./fixture/server.fixture.ts";

afterEach(closeServers);

const LOAD = ["--duration-ms", "600", "--warm-up-ms", "200", "--concurrency", "5", "--rate", "97"];

test.each(CLIENTS)("%s counts which side ended its connections, also in the warm-up", async (client) => {
  const { to, seen } = await correctServer(client, "127.0.0.1", false);
  const first = (await runLoad(client, ["--to", to, ...LOAD])).end;
  expect(first.endedBy).toEqual({ clientFin: seen.connections, serverFin: 0, reset: 0 });
  expect(first.connections + first.warmUp.connections).toBe(seen.connections);

  const before = { ...seen };
  const reset = (await runLoad(client, ["--to", to, ...LOAD, "--close", "reset"])).end;
  expect(reset.endedBy).toEqual({
    clientFin: 0,
    serverFin: 0,
    reset: seen.connections - before.connections,
  });
  // The server, in this process, sees the last resets a little later.
  await expect.poll(() => seen.resets - before.resets).toBe(reset.endedBy?.reset);

  const closing = await correctServer(client, "127.0.0.1", true);
  // If the last connection carried only one request, nothing asked the server to close it, and the client waits until the timeout.
  const args = client.startsWith("long") ? ["--requests-per-connection", "2", "--timeout-ms", "10000"] : [];
  const last = (await runLoad(client, ["--to", closing.to, ...LOAD, "--close", "server", ...args])).end;
  expect(last.endedBy?.serverFin).toBeGreaterThan(0);
  expect(last.endedBy?.reset).toBe(0);
  expect((last.endedBy?.serverFin ?? 0) + (last.endedBy?.clientFin ?? 0)).toBe(closing.seen.connections);
});

test("a reset by the server is counted as a FIN of neither side", async () => {
  const { to, peers } = await rawServer((peer) => peer.resetAndDestroy());
  const { end } = await runLoad("short-tcp", ["--to", to, "--attempts", "23"]);
  expect(end).toMatchObject({
    outcomes: { "response ECONNRESET": 23 },
    endedBy: { clientFin: 0, serverFin: 0, reset: 23 },
  });
  expect(peers).toHaveLength(23);
});

test.each(["short-http", "long-http", "undici"])(
  "%s: a reset behind a whole answer is a reset, and nobody's FIN",
  async (client) => {
    const { to } = await rawServer((peer) => {
      peer.write("HTTP/1.1 431 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
      peer.resetAndDestroy();
    });
    const { end } = await runLoad(client, ["--to", to, "--attempts", "23"]);
    // An RST that comes after the client has closed is none that it can see.
    const { clientFin = 0, serverFin, reset = 0 } = end.endedBy ?? {};
    expect(serverFin).toBe(0);
    expect(clientFin + reset).toBe(23);
    for (const outcome of Object.keys(end.outcomes)) {
      expect(["status 431", "response ECONNRESET", "request ECONNRESET"]).toContain(outcome);
    }
  },
);

test.each(["short-http", "long-http", "undici"])(
  "%s: a close that leaves bytes unread is a reset, as the server sees it",
  async (client) => {
    const seen = { resets: 0, fins: 0 };
    const { to } = await rawServer(
      (peer) => peer.write(`HTTP/1.1 200 OK\r\nX-Long: ${"a".repeat(1_000_000)}\r\n\r\n`),
      (peer) => {
        peer.on("error", () => (seen.resets += 1));
        peer.on("end", () => (seen.fins += 1));
      },
    );
    const { end } = await runLoad(client, ["--to", to, "--attempts", "23"]);
    expect(Object.keys(end.outcomes).join()).toMatch(/^response (?:line|head)-too-long$/);
    await expect.poll(() => seen.resets + seen.fins).toBeGreaterThanOrEqual(23);
    // Bytes that arrive between the client's last look and its close() make a RST that the client does not expect.
    const { clientFin = 0, serverFin, reset = 0 } = end.endedBy ?? {};
    expect({ serverFin, all: clientFin + reset }).toEqual({ serverFin: 0, all: 23 });
    expect(reset).toBeGreaterThan(0);
    expect(seen.resets).toBeGreaterThan(0);
  },
);

test.each(["short-http", "long-http", "undici", "autocannon"])(
  "%s: a server that refuses a header of 200 kB by an answer and a reset ends no connection by a FIN",
  async (client) => {
    const { to } = await listen(createHttpServer((_request, response) => response.end("hello\n")));
    const args = ["--to", to, "--attempts", "23", "--header", `X-Long: ${"a".repeat(100_000)}`];
    const { end } = await runLoad(client, [...args, "--header", `X-Longer: ${"a".repeat(100_000)}`]);
    const { clientFin, serverFin, reset } = end.endedBy ?? { clientFin: 0, serverFin: 0, reset: 23 };
    for (const outcome of Object.keys(end.outcomes)) {
      expect(["status 431", "response ECONNRESET", "request ECONNRESET", "request EPIPE"]).toContain(outcome);
    }
    expect({ outcomes: end.outcomes, clientFin, serverFin, reset }).toMatchObject({
      serverFin: 0,
      reset: 23,
    });
  },
);

test("without a server there are at most a few hundred attempts a second, and the client finds it when it is back", async () => {
  const taken = await listen(createServer());
  const port = Number(taken.to.split(":").at(-1));
  await closeServers();
  let answered = 0;
  const args = ["--to", taken.to, "--duration-ms", "600000", "--concurrency", "50"];
  const { end, seconds } = await runLoad("short-http", args, (child) => {
    const server = createHttpServer((_request, response) => {
      answered += 1;
      response.end("hello\n");
      if (answered === 200) child.kill("SIGTERM");
    });
    let [told, refused] = ["", 0];
    child.stdout?.on("data", (piece: Buffer) => {
      told += piece.toString();
      refused = [...told.matchAll(/"connect ECONNREFUSED":(\d+)/g)].reduce(
        (sum, [, n]) => sum + Number(n),
        0,
      );
      if (refused > 5 && !server.listening) server.listen(port, "127.0.0.1");
    });
    child.once("exit", () => server.close());
  });
  // On loopback a refused connect() fails before it returns, so there is one after 4, 8, 16, ... ms, and then four a second at 256 ms.
  expect(end.outcomes["connect ECONNREFUSED"]).toBeLessThanOrEqual(10 + 4 * end.seconds);
  expect(end.outcomes["connect ECONNREFUSED"]).toBeGreaterThan(5);
  // Without those that were under way at the signal.
  expect(end.outcomes["ok"]).toBeGreaterThanOrEqual(150);
  expect(end.outcomes["ok"]).toBeLessThanOrEqual(answered);
  // Before the sixth attempt it has paused for 4 + 8 + 16 + 32 + 64 ms.
  expect(end.backedOffMs).toBeGreaterThan(120);
  expect(seconds[0]?.outcomes).not.toHaveProperty("ok");
});

test("with --attempts or --rate there are no pauses", async () => {
  const taken = await listen(createServer());
  await closeServers();
  const counted = (await runLoad("short-tcp", ["--to", taken.to, "--attempts", "9973"])).end;
  expect(counted).toMatchObject({ outcomes: { "connect ECONNREFUSED": 9973 }, backedOffMs: 0 });
  const rated = (await runLoad("short-tcp", ["--to", taken.to, "--attempts", "99", "--rate", "197"])).end;
  expect(rated).toMatchObject({ outcomes: { "connect ECONNREFUSED": 99 }, backedOffMs: 0 });
  expect(rated.seconds).toBeGreaterThan(0.49);
});
