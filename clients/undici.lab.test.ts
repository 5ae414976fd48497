import type { ChildProcess } from "node:child_process";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import type { TLSSocket } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import { numbers, runClient, runLoad } from "./fixture/client-process.fixture.ts";
import {
  closeServers,
  correctServer,
  httpsServer,
  listen,
  rawServer,
  secureServer,
} from "./fixture/server.fixture.ts";
import type { RunningServer, Seen } from "./fixture/server.fixture.ts";

afterEach(closeServers);

const TLS = ["--tls", "--insecure"];

/** A correct server without or with TLS, and the options that its client needs. */
async function server(scheme: string): Promise<RunningServer & { seen: Seen; more: string[] }> {
  if (scheme === "https") return { ...(await httpsServer()), more: TLS };
  return { ...(await correctServer("long-http", "127.0.0.1", false)), more: [] };
}

const sum = (outcomes: Record<string, number>): number =>
  Object.values(outcomes).reduce((total, count) => total + count, 0);

describe.each(["http", "https"])("over %s", (scheme) => {
  test.each([
    ["short", 1, 97],
    ["2 requests a connection", 2, 49],
    ["5 requests a connection", 5, 20],
    ["kept", 1000, 1],
  ])("%s: as many connections as the server counts, and as expected", async (_name, most, connections) => {
    const { to, seen, more } = await server(scheme);
    const args = ["--to", to, "--attempts", "97", "--requests-per-connection", String(most), ...more];
    const run = await runLoad("undici", args);
    expect(run).toMatchObject({ code: 0, stderr: "", end: { outcomes: { ok: 97 }, connections } });
    expect(seen).toMatchObject({ requests: 97, connections, resets: 0 });
    expect(run.end.endedBy).toEqual({ clientFin: connections, serverFin: 0, reset: 0 });
    expect(run.counted).toEqual({ connect: connections, firstByte: 97, total: 97 });
  });

  test("a load with a duration counts what the server counts, with a separate count for the warm-up", async () => {
    const { to, seen, more } = await server(scheme);
    const args = ["--duration-ms", "1200", "--warm-up-ms", "400", "--concurrency", "5"];
    const run = await runLoad("undici", ["--to", to, ...args, "--requests-per-connection", "7", ...more]);
    const { outcomes, warmUp, connections, seconds } = run.end;
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(Object.keys({ ...outcomes, ...warmUp.outcomes })).toEqual(["ok"]);
    expect(sum(outcomes) + sum(warmUp.outcomes)).toBe(seen.requests);
    expect(connections + warmUp.connections).toBe(seen.connections);
    expect(run.counted).toEqual({ connect: connections, firstByte: sum(outcomes), total: sum(outcomes) });
    expect(seconds).toBeCloseTo(0.8, 6);
  });

  test("the server closes first when it is asked to; a reset comes from the client", async () => {
    const closing = await server(scheme);
    const args = ["--attempts", "97", "--requests-per-connection", "5"];
    const first = await runLoad("undici", [
      "--to",
      closing.to,
      ...args,
      "--close",
      "server",
      ...closing.more,
    ]);
    expect(first.end).toMatchObject({ outcomes: { ok: 97 }, connections: 20 });
    expect(closing.seen).toMatchObject({ requests: 97, connections: 20, resets: 0 });
    const { clientFin = 0, serverFin = 0, reset } = first.end.endedBy ?? {};
    // The last connection carried fewer requests, so none of them asked the server to close.
    expect(clientFin + serverFin).toBe(20);
    expect(serverFin).toBeGreaterThan(0);
    expect(reset).toBe(0);

    const torn = await server(scheme);
    const last = await runLoad("undici", ["--to", torn.to, ...args, "--close", "reset", ...torn.more]);
    expect(last.end).toMatchObject({ endedBy: { clientFin: 0, serverFin: 0, reset: 20 } });
    await expect.poll(() => torn.seen.resets).toBe(20);
  });

  test("every attempt has its connection, and its times in order", async () => {
    const { to, more } = await server(scheme);
    const args = ["--to", to, "--attempts", "23", "--requests-per-connection", "5", ...more];
    const { attempts, connections, outcomes } = await runClient("undici", args);
    expect(outcomes).toEqual({ ok: 23 });
    expect(attempts.map((row) => row.attempt)).toEqual(numbers(23));
    expect(attempts.map((row) => row.connection)).toEqual(numbers(23).map((nth) => Math.ceil(nth / 5)));
    expect(connections.map((row) => row.responses)).toEqual([5, 5, 5, 5, 3]);
    for (const { connectMs, firstByteMs, totalMs, attempt } of attempts) {
      expect(connectMs === null).toBe(attempt % 5 !== 1);
      expect(firstByteMs).toBeGreaterThan(connectMs ?? 0);
      expect(totalMs).toBeGreaterThanOrEqual(firstByteMs ?? Infinity);
    }
  });
});

test("threads share the load", async () => {
  const { to, seen } = await server("http");
  const args = ["--to", to, "--attempts", "97", "--concurrency", "5", "--threads", "2"];
  const { ends } = await runLoad("undici", args);
  expect(new Set(ends.map(({ outcomes }) => outcomes["ok"]))).toEqual(new Set([48, 49]));
  expect(seen).toMatchObject({ requests: 97, connections: 5 });
});

describe("failures", () => {
  const ARGS = ["--attempts", "23", "--concurrency", "23"];
  const HEAD = "HTTP/1.1 200 OK\r\n";

  const SHORT = "Content-Length: 9\r\n\r\nhello";
  const CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";
  type Make = () => Promise<{ to: string }>;
  const ends =
    (text = ""): Make =>
    () =>
      rawServer((peer) => peer.end(text));
  const stays =
    (text: string): Make =>
    () =>
      rawServer((peer) => peer.write(text));
  const answers =
    (status: number, body = ""): Make =>
    () =>
      listen(createHttpServer((_request, response) => response.writeHead(status).end(body)));
  const resets: Make = () => rawServer((peer) => peer.resetAndDestroy());
  const silent: Make = () => rawServer(() => {});
  const resetsLate: Make = () =>
    rawServer((peer) => peer.write(`${HEAD}${SHORT}`, () => setTimeout(() => peer.resetAndDestroy(), 1000)));

  /** Each failure, and the server that causes it. */
  const SERVERS: [outcome: string, server: Make, more?: string[]][] = [
    ["response empty", ends()],
    ["response truncated", ends(`${HEAD}${SHORT}`)],
    ["response truncated", ends(`${HEAD}Connection: close\r\n${SHORT}`)],
    ["response truncated", ends(`${HEAD}${CHUNKED}9\r\nhello`)],
    ["response truncated", ends(`${HEAD}Connection: close\r\n${CHUNKED}9\r\nhello`)],
    ["response truncated", ends("HTTP/1.1 200")],
    ["response ECONNRESET", resets],
    ["response ECONNRESET", resetsLate],
    ["response timeout", silent],
    ["response timeout", stays(`${HEAD}${SHORT}`)],
    ["response not-http", stays("220 mail.example ESMTP\r\n")],
    ["response head-too-long", stays(`${HEAD}X: ${"x".repeat(20_000)}\r\n\r\n`)],
    ["response bad-head", stays(`${HEAD}No colon\r\n\r\n`)],
    ["response bad-chunk", stays(`${HEAD}${CHUNKED}none\r\n`)],
    ["response unexpected", stays("HTTP/1.1 100 Continue\r\n\r\n")],
    ["status 503", answers(503, "busy\n")],
    ["status 404", answers(404)],
    ["tls DEPTH_ZERO_SELF_SIGNED_CERT", () => httpsServer(), ["--tls"]],
    ["tls ERR_SSL_WRONG_VERSION_NUMBER", () => correctServer("long-http", "127.0.0.1", false), TLS],
    ["tls truncated", ends(), TLS],
    ["tls ECONNRESET", resets, TLS],
    ["tls timeout", silent, TLS],
    ["response truncated", () => secureServer((peer) => peer.end(`${HEAD}${SHORT}`)), TLS],
    ["response timeout", () => secureServer(() => {}), TLS],
  ];

  test.each(SERVERS.map(([outcome, make, more], index) => ({ index, outcome, make, more })))(
    "$index: $outcome",
    async ({ outcome, make, more = [] }) => {
      const { to } = await make();
      // Attempts that must not time out have plenty of time.
      const bound = ["--timeout-ms", outcome.endsWith("timeout") ? "3000" : "120000"];
      const run = await runLoad("undici", ["--to", to, ...ARGS, ...bound, ...more]);
      expect(run).toMatchObject({ code: 0, stderr: "", end: { outcomes: { [outcome]: 23 } } });
      expect(sum(run.end.outcomes)).toBe(23);
      expect(run.counted).toMatchObject({ firstByte: 0, total: 0 });
      // Every one of these servers accepts the connection, also where the handshake of TLS fails.
      expect(run.end.connections).toBe(23);
    },
  );

  test("a body that only a FIN ends is whole when the FIN comes", async () => {
    const { to } = await rawServer((peer) => peer.end(`${HEAD}Connection: close\r\n\r\nhello`));
    const { end } = await runLoad("undici", ["--to", to, ...ARGS]);
    expect(end).toMatchObject({ outcomes: { ok: 23 }, connections: 23 });
    expect(end.endedBy).toEqual({ clientFin: 0, serverFin: 23, reset: 0 });
  });

  test("nobody listens: connect ECONNREFUSED, and attempts are limited", async () => {
    const { to } = await listen(createServer());
    await closeServers();
    const { end } = await runLoad("undici", ["--to", to, "--duration-ms", "4000", "--concurrency", "50"]);
    expect(Object.keys(end.outcomes)).toEqual(["connect ECONNREFUSED"]);
    // Rounds of at most 50 attempts, after pauses of 4, 8, 16, ... ms.
    expect(end.outcomes["connect ECONNREFUSED"]).toBeLessThanOrEqual(50 * (10 + 4 * 4));
    expect(end.outcomes["connect ECONNREFUSED"]).toBeGreaterThan(50);
    expect(end.backedOffMs).toBeGreaterThan(500);
  });

  test("a connection that the server ends while it is idle is replaced, and no attempt fails", async () => {
    const { to, peers } = await listen(
      createHttpServer({ keepAliveTimeout: 20 }, (_request, response) => response.end("hello\n")),
    );
    const { end } = await runLoad("undici", ["--to", to, "--attempts", "5", "--rate", "0.3"]);
    expect(end).toMatchObject({ outcomes: { ok: 5 }, connections: 5 });
    expect(end.endedBy).toMatchObject({ clientFin: 1, serverFin: 4 });
    expect(peers).toHaveLength(5);
  });
});

test("if a server ends connections just as the next request is due, answers are lost, but the counts are right", async () => {
  let requests = 0;
  const { to, peers } = await rawServer((peer) => {
    requests += 1;
    if (peer.listenerCount("answered") > 0) return;
    peer.once("answered", () => {});
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    setTimeout(() => peer.end(), 4);
  });
  const { end, counted } = await runLoad("undici", ["--to", to, "--attempts", "397", "--rate", "250"]);
  expect(sum(end.outcomes)).toBe(397);
  // A request that crosses the FIN is lost, and the server answers later bytes with RST.
  const lost = ["response empty", "response truncated", "response ECONNRESET", "request EPIPE"];
  expect(Object.keys(end.outcomes).filter((outcome) => outcome !== "ok" && !lost.includes(outcome))).toEqual(
    [],
  );
  expect(end.outcomes["ok"]).toBe(end.connections);
  expect(peers).toHaveLength(end.connections);
  expect(requests).toBeLessThanOrEqual(397);
  expect(counted).toMatchObject({ connect: end.connections, total: end.outcomes["ok"] });
});

describe("an end", () => {
  /** Answers eleven requests, and no more. */
  async function elevenAnswers(): Promise<{ to: string; asked: () => number }> {
    let requests = 0;
    const { to } = await rawServer((peer) => {
      requests += 1;
      if (requests <= 11) peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    });
    return { to, asked: () => requests };
  }

  const LOAD = ["--duration-ms", "600000", "--concurrency", "5"];

  test("by a signal prints the results so far", async () => {
    const { to, asked } = await elevenAnswers();
    const run = await runLoad("undici", ["--to", to, ...LOAD], async (child: ChildProcess) => {
      await expect.poll(asked).toBe(16);
      child.kill("SIGINT");
    });
    expect(run.code).toBe(130);
    expect(run.end).toMatchObject({ outcomes: { ok: 11, "response ECANCELED": 5 }, connections: 5 });
    expect(run.end.seconds).toBeLessThan(300);
  });

  test("by --within-ms is on time, whatever the server does", async () => {
    const { to } = await elevenAnswers();
    const args = ["--attempts", "97", "--concurrency", "5", "--within-ms", "4000"];
    const run = await runLoad("undici", ["--to", to, ...args]);
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.end.outcomes).toEqual({ ok: 11, "response timeout": 5, "never begun": 81 });
    expect(run.end).toMatchObject({ neverBegun: 81 });
    // --timeout-ms, two minutes, has not ended it.
    expect(run.end.seconds).toBeLessThan(60);
  });
});

test("an open loop counts the whole stall of a server", async () => {
  let stalled = false;
  const { to } = await listen(
    createHttpServer((_request, response) => {
      if (stalled) return void response.end("hello\n");
      stalled = true;
      // This blocks the whole server once.
      const untilMs = performance.now() + 700;
      while (performance.now() < untilMs);
      response.end("hello\n");
    }),
  );
  // The load has no --duration-ms: on a busy machine the stall can begin so late that it would last longer than the load.
  const load = ["--to", to, "--rate", "100", "--attempts", "100", "--concurrency", "5"];
  const { attempts } = await runClient("undici", [...load, "--open"]);
  // Attempts that were due in the stall have waited for its end.
  expect(attempts.filter(({ totalMs }) => (totalMs ?? 0) > 200).length).toBeGreaterThan(40);
  expect(attempts).toHaveLength(100);
});

test("options that make no sense are wrong usage", async () => {
  for (const args of [["--insecure"], ["--host", "a b"], ["--method", "FETCH"], ["--tls=yes"]]) {
    const run = await runClient("undici", ["--to", "127.0.0.1:9", "--attempts", "1", ...args]);
    expect(run).toMatchObject({ code: 64, attempts: [] });
    expect(run.stderr).toMatch(/^undici: .+; see --help\n$/);
  }
});

test("a Host header replaces that of --host, and TLS still asks for the name of --host", async () => {
  const asked: unknown[] = [];
  const { to, peers } = await secureServer((peer, data) => {
    asked.push([(peer as TLSSocket).servername, /^host: *(.*)\r$/im.exec(data.toString())?.[1]]);
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  const args = ["--to", to, "--attempts", "2", "--host", "localhost", "--header", "Host: shop.example"];
  const run = await runClient("undici", [...args, ...TLS]);
  expect(run).toMatchObject({ code: 0, outcomes: { ok: 2 } });
  const pair = ["localhost", "shop.example"];
  expect(asked).toEqual([pair, pair]);
  expect(peers).toHaveLength(1);
});
