import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { CLIENTS, runLoad } from "./fixture/client-process.fixture.ts";
import { closeServers, correctServer, listen, rawServer } from "./fixture/server.fixture.ts";

afterEach(closeServers);

const LOAD = ["--duration-ms", "600", "--warm-up-ms", "200", "--concurrency", "5", "--rate", "97"];

test.each(CLIENTS)("%s counts who ended its connections, the warm-up's among them", async (client) => {
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
  // The server hears of the last ones when its turn comes.
  await expect.poll(() => seen.resets - before.resets).toBe(reset.endedBy?.reset);

  const closing = await correctServer(client, "127.0.0.1", true);
  // Nothing asks the server to close a last connection that carried one request: it is waited for to the end of its time.
  const args = client.startsWith("long") ? ["--requests-per-connection", "2", "--timeout-ms", "10000"] : [];
  const last = (await runLoad(client, ["--to", closing.to, ...LOAD, "--close", "server", ...args])).end;
  expect(last.endedBy?.serverFin).toBeGreaterThan(0);
  expect(last.endedBy?.reset).toBe(0);
  expect((last.endedBy?.serverFin ?? 0) + (last.endedBy?.clientFin ?? 0)).toBe(closing.seen.connections);
});

test("a reset by the server is nobody's FIN", async () => {
  const { to, peers } = await rawServer((peer) => peer.resetAndDestroy());
  const { end } = await runLoad("short-tcp", ["--to", to, "--attempts", "23"]);
  expect(end).toMatchObject({
    outcomes: { "response ECONNRESET": 23 },
    endedBy: { clientFin: 0, serverFin: 0, reset: 23 },
  });
  expect(peers).toHaveLength(23);
});

test("a server that is not there is asked a few hundred times a second at most, and found when it is back", async () => {
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
  // A connect() of loopback is refused before it returns: one after 4, 8, 16, ... ms, from 256 ms on four times a second.
  expect(end.outcomes["connect ECONNREFUSED"]).toBeLessThanOrEqual(10 + 4 * end.seconds);
  expect(end.outcomes["connect ECONNREFUSED"]).toBeGreaterThan(5);
  // Those under way when it was told to end are not among them.
  expect(end.outcomes["ok"]).toBeGreaterThanOrEqual(150);
  expect(end.outcomes["ok"]).toBeLessThanOrEqual(answered);
  // Before the sixth it has waited for 4 + 8 + 16 + 32 + 64 ms.
  expect(end.backedOffMs).toBeGreaterThan(120);
  expect(seconds[0]?.outcomes).not.toHaveProperty("ok");
});

test("a number of attempts is made without a pause, and so is a rate kept", async () => {
  const taken = await listen(createServer());
  await closeServers();
  const counted = (await runLoad("short-tcp", ["--to", taken.to, "--attempts", "9973"])).end;
  expect(counted).toMatchObject({ outcomes: { "connect ECONNREFUSED": 9973 }, backedOffMs: 0 });
  const rated = (await runLoad("short-tcp", ["--to", taken.to, "--attempts", "99", "--rate", "197"])).end;
  expect(rated).toMatchObject({ outcomes: { "connect ECONNREFUSED": 99 }, backedOffMs: 0 });
  expect(rated.seconds).toBeGreaterThan(0.49);
});
