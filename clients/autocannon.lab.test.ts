import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { foldHistograms } from "../harness/measure/load.ts";
import { runClient, runLoad } from "./fixture/client-process.fixture.ts";
import { closeServers, correctServer, listen, rawServer } from "./fixture/server.fixture.ts";

afterEach(closeServers);

const HEAD = "HTTP/1.1 200 OK\r\n";

test.each([
  ["--attempts", "97", "--concurrency", "5"],
  ["--duration-ms", "1200", "--warm-up-ms", "400", "--concurrency", "5"],
  ["--attempts", "97", "--concurrency", "5", "--threads", "2"],
])("counts what the server counts: %s %s", async (...args) => {
  const { to, seen } = await correctServer("long-http", "127.0.0.1", false);
  const run = await runLoad("autocannon", ["--to", to, ...args]);
  expect(run).toMatchObject({ code: 0, stderr: "" });
  let [requests, connections, counted] = [0, 0, 0];
  for (const end of run.ends) {
    expect(Object.keys({ ...end.outcomes, ...end.warmUp.outcomes })).toEqual(["ok"]);
    requests += (end.outcomes["ok"] ?? 0) + (end.warmUp.outcomes["ok"] ?? 0);
    connections += end.connections + end.warmUp.connections;
    counted += end.outcomes["ok"] ?? 0;
  }
  expect({ requests, connections }).toEqual({ requests: seen.requests, connections: seen.connections });
  expect(connections).toBe(5);
  expect(run.counted.total).toBe(counted);
});

test("prints null for what it cannot see", async () => {
  const { to } = await correctServer("long-http", "127.0.0.1", false);
  const { seconds, end } = await runLoad("autocannon", ["--to", to, "--attempts", "23"]);
  expect(end.endedBy).toBeNull();
  expect(seconds.length).toBeGreaterThan(0);
  for (const line of seconds) expect(line).toMatchObject({ firstByte: null, pacing: null });
});

test.each([
  ["response empty", () => rawServer((peer) => peer.end())],
  ["response truncated", () => rawServer((peer) => peer.end(`${HEAD}Content-Length: 9\r\n\r\nhello`))],
  ["response ECONNRESET", () => rawServer((peer) => peer.resetAndDestroy())],
  ["response timeout", () => rawServer(() => {})],
  ["response timeout", () => rawServer((peer) => peer.write("220 mail.example ESMTP\r\n"))],
  [
    "status 503",
    () => listen(createHttpServer((_request, response) => response.writeHead(503).end("busy\n"))),
  ],
])("%s", async (outcome, make) => {
  const { to } = await make();
  // Attempts that must not time out have plenty of time.
  const bound = ["--timeout-ms", outcome.endsWith("timeout") ? "1000" : "120000"];
  const args = ["--attempts", "23", "--concurrency", "5", ...bound];
  const run = await runLoad("autocannon", ["--to", to, ...args]);
  expect(run).toMatchObject({ code: 0, stderr: "", end: { outcomes: { [outcome]: 23 } } });
  expect(run.counted.total).toBe(0);
});

test("an answer after a FIN is not taken as the answer to the request before the FIN", async () => {
  let connections = 0;
  // The server answers the first request of each connection, and ends the connection instead of answering the second.
  const { to } = await rawServer(
    (peer) => {
      if (peer.listenerCount("answered") > 0) return void setTimeout(() => peer.end(), 1500);
      peer.on("answered", () => {});
      peer.write(`${HEAD}Content-Length: 2\r\n\r\nok`);
    },
    () => (connections += 1),
  );
  const { end, seconds } = await runLoad("autocannon", ["--to", to, "--attempts", "14"]);
  expect(end).toMatchObject({ outcomes: { ok: 7, "response empty": 7 }, connections: 7 });
  expect(connections).toBe(7);
  // If times counted from the start of the request before, all but the first would be 1500 ms longer.
  const total = foldHistograms(seconds.map((line) => line.total));
  expect(total?.getValueAtPercentile(50)).toBeLessThan(1_500_000);
});

test("attempts are limited while no server listens", async () => {
  const { to } = await listen(createServer());
  await closeServers();
  const { end } = await runLoad("autocannon", ["--to", to, "--duration-ms", "4000", "--concurrency", "50"]);
  expect(Object.keys(end.outcomes)).toEqual(["connect ECONNREFUSED"]);
  expect(end.outcomes["connect ECONNREFUSED"]).toBeLessThanOrEqual(50 * (10 + 4 * 4));
  expect(end.backedOffMs).toBeGreaterThan(500);
});

test("a signal ends it, and the results so far are printed", async () => {
  let requests = 0;
  const { to } = await rawServer((peer) => {
    requests += 1;
    if (requests <= 11) peer.write(`${HEAD}Content-Length: 2\r\n\r\nok`);
  });
  const args = ["--duration-ms", "600000", "--concurrency", "5"];
  const run = await runLoad("autocannon", ["--to", to, ...args], async (child) => {
    await expect.poll(() => requests).toBe(16);
    child.kill("SIGINT");
  });
  expect(run.code).toBe(130);
  expect(run.end).toMatchObject({ outcomes: { ok: 11, "response ECANCELED": 5 }, connections: 5 });
});

test("refuses what it cannot do correctly, and prints the reason", async () => {
  const histograms = ["--report", "histograms"];
  for (const [args, reason] of [
    [[...histograms, "--requests-per-connection", "1"], /requests a connection/],
    [[...histograms, "--requests-per-connection", "10"], /requests a connection/],
    [[...histograms, "--rate", "10"], /rate/],
    [[...histograms, "--rate", "10", "--open"], /rate/],
    [[...histograms, "--tls"], /certificate/],
    [[...histograms, "--method", "HEAD"], /HEAD/],
    [[...histograms, "--close", "server"], /drops/],
    [[...histograms, "--hold-ms", "1"], /holds none/],
    [[], /histograms/],
  ] as const) {
    const run = await runClient("autocannon", ["--to", "127.0.0.1:9", "--attempts", "1", ...args]);
    expect(run).toMatchObject({ code: 64, attempts: [] });
    expect(run.stderr).toMatch(reason);
  }
});
