import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { childrenOf } from "../harness/kernel/process.ts";
import { cleanUp, statusOf, hasWarmUp, folder, load, serve, start, talk } from "./lab/load-command.ts";
import { until } from "./lab/wait.ts";

// Runs the command against the project's own correct servers, on loopback.

afterAll(cleanUp);

/** Whether a process exists and is not a zombie. */
function isThere(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, "latin1"));
  } catch {
    return false;
  }
}

describe("requests over kept connections", () => {
  test.each([
    ["http", "http-server", "127.0.0.1", "127.0.0.1"],
    ["http", "http-server", "localhost", "127.0.0.1"],
    ["http", "http-server", "[::1]", "::1"],
    ["tcp", "tcp-server", "127.0.0.1", "127.0.0.1"],
  ])("%s to %s at %s", async (scheme, server, host, address) => {
    const { port } = await serve(server, address);
    const ran = await load(`${scheme}://${host}:${port}`);
    expect(ran.status).toBe(statusOf(ran, 0));
    expect(ran.load).toMatchObject({
      engine: "raw",
      mode: "keep-alive",
      errors: {},
      socketsUsed: 3,
      perfectSockets: 3,
      latencyMs: { connect: null },
      timeWait: { client: 3, server: 0 },
      endedBy: { clientFin: 3, serverFin: 0, reset: 0 },
      target: { address },
    });
    expect(ran.load.latencyMs.total?.count).toBe(ran.load.requests);
    expect(ran.load.perSecond).toBeGreaterThan(0);
    // A request and an answer are 2 segments. Other connections of the machine count too.
    expect(ran.load.segmentsPerRequest).toBeGreaterThanOrEqual(2);
    expect(ran.load.looks.looks).toBeGreaterThan(3);
    expect(ran.load.notes).toEqual(
      host === "localhost" ? [expect.stringMatching(/^localhost is 127\.0\.0\.1/)] : [],
    );
  });

  test("7 requests each", async () => {
    const { port } = await serve("http-server");
    const ran = await load(`http://127.0.0.1:${port}/`, "--requests-per-connection", "7", "--rate", "200");
    const { requests, warmUp, socketsUsed, latencyMs, generator } = ran.load;
    // On a busy machine, requests that found no free connection in time are reported.
    expect(requests + generator.neverBegun).toBe(120);
    expect(hasWarmUp(ran.load, 40)).toBe(true);
    expect(socketsUsed).toBeGreaterThanOrEqual((requests + warmUp.requests) / 7);
    expect(socketsUsed).toBeLessThanOrEqual((requests + warmUp.requests) / 7 + 3);
    expect(latencyMs.connect?.count ?? 0).toBe(socketsUsed - warmUp.sockets);
    expect(generator.pacingMs?.count).toBeGreaterThan(0);
    expect(ran.status).toBe(statusOf(ran, 0));
  });
});

describe("a connection for every request", () => {
  test.each([
    ["http", "http-server", "client", { clientFin: 1, serverFin: 0 }],
    ["http", "http-server", "server", { clientFin: 0, serverFin: 1 }],
    ["tcp", "tcp-server", "client", { clientFin: 1, serverFin: 0 }],
  ])("%s to %s, which the %s closes", async (scheme, server, close, each) => {
    const { port } = await serve(server);
    const ran = await load(
      `${scheme}://127.0.0.1:${port}`,
      "--mode",
      "short",
      "--rate",
      "300",
      "--close",
      close,
    );
    const { requests, warmUp, socketsUsed, latencyMs, endedBy, timeWait, ports, generator } = ran.load;
    expect(requests + generator.neverBegun).toBe(180);
    expect(hasWarmUp(ran.load, 60)).toBe(true);
    expect(socketsUsed).toBe(requests + warmUp.requests);
    expect(latencyMs.connect?.count ?? 0).toBe(requests);
    const [atClient, atServer] = [socketsUsed * each.clientFin, socketsUsed * each.serverFin];
    expect(endedBy).toEqual({ clientFin: atClient, serverFin: atServer, reset: 0 });
    expect(timeWait).toEqual({ client: atClient, server: atServer });
    expect(ports.most).toBeGreaterThanOrEqual(atClient);
    expect(ran.status).toBe(statusOf(ran, 0));
  });
});

test("a rate far above what the server can answer: the report says what was answered instead", async () => {
  const { port } = await serve("http-server");
  const ran = await load(`http://127.0.0.1:${port}/`, "--rate", "100000");
  expect(ran.status).toBe(2);
  expect(ran.load.because.join("\n")).toMatch(
    /^The rate could not be reached: 100,000 requests a second were due, and [\d,]+ a second were answered\. At the end the load was [\d,]+ requests behind its plan\./m,
  );
  expect(ran.load.because.join("\n")).not.toMatch(/No request succeeded/);
});

describe("when things go wrong", () => {
  test("a server that does not run", async () => {
    const { child, port } = await serve("http-server");
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    const ran = await load(`http://127.0.0.1:${port}/`);
    expect(ran.status).toBe(2);
    expect(ran.load).toMatchObject({ valid: false, requests: 0, socketsUsed: 0 });
    expect(Object.keys(ran.load.errors)).toEqual(["connect ECONNREFUSED"]);
    expect(ran.load.because[0]).toMatch(/^No request succeeded/);
  });

  test("a server that is stopped: the run ends on time, and says what it waited for", async () => {
    const { child, port } = await serve("http-server");
    child.kill("SIGSTOP");
    const ran = await load(`http://127.0.0.1:${port}/`, "--timeout", "0.5");
    expect(ran.status).toBe(2);
    expect(ran.load).toMatchObject({ valid: false, requests: 0 });
    expect(ran.load.errors["response timeout"]).toBeGreaterThan(0);
  });

  test("a server that dies during the run: the run ends on time, and is not valid", async () => {
    const { child, port } = await serve("http-server");
    const { stderr, ended } = talk(["load", `http://127.0.0.1:${port}/`, "--duration", "4", "--json"]);
    await until(stderr, (text) => / a second /.test(text), 20_000);
    child.kill("SIGKILL");
    const ran = await ended;
    expect(ran.status).toBe(2);
    expect(ran.load.requests).toBeGreaterThan(0);
    expect(ran.load.errors["connect ECONNREFUSED"]).toBeGreaterThan(0);
    expect(ran.load.because.join("\n")).toMatch(/no request was begun, because the last ones had failed/);
  });

  test("a load program that does not end is killed, and the report says so", async () => {
    const { port } = await serve("http-server");
    const args = ["--warm-up", "0", "--duration", "6", "--timeout", "0.1", "--json"];
    const { child, stderr, ended } = talk(["load", `http://127.0.0.1:${port}/`, ...args]);
    await until(stderr, (text) => / a second /.test(text), 20_000);
    for (const pid of childrenOf(child.pid ?? 0)) process.kill(pid, "SIGSTOP");
    const ran = await ended;
    expect(ran.status).toBe(2);
    expect(ran.load.because).toContainEqual(expect.stringMatching(/did not end in time/));
  });

  test("a SIGKILL to the command also ends the load", async () => {
    const { port } = await serve("http-server");
    const { child, stderr } = talk(["load", `http://127.0.0.1:${port}/`, "--duration", "60"]);
    await until(stderr, (text) => /warming up/.test(text), 20_000);
    const [pid = 0] = childrenOf(child.pid ?? 0);
    expect(isThere(pid)).toBe(true);
    child.kill("SIGKILL");
    expect(
      await until(
        () => isThere(pid),
        (there) => !there,
        10_000,
      ),
    ).toBe(false);
  });

  test("Ctrl+C: what was measured is reported", async () => {
    const { port } = await serve("http-server");
    const { child, stderr, ended } = talk([
      "load",
      `http://127.0.0.1:${port}/`,
      "--duration",
      "60",
      "--json",
    ]);
    await until(stderr, (text) => / a second /.test(text), 20_000);
    child.kill("SIGINT");
    const ran = await ended;
    expect(ran.status).toBe(130);
    expect(ran.load).toMatchObject({ valid: false, errors: {} });
    expect(ran.load.requests).toBeGreaterThan(0);
    expect(ran.load.because[0]).toMatch(/^The load was ended from outside after \d+\.\d of 60 s\.$/);
  });

  test("Ctrl+C twice: the command ends at once", async () => {
    const { port } = await serve("http-server");
    const { child, stderr, ended } = talk(["load", `http://127.0.0.1:${port}/`, "--duration", "60"]);
    await until(stderr, (text) => /warming up/.test(text), 20_000);
    // The load does not end after the first Ctrl+C, so the second one comes in time.
    const programs = childrenOf(child.pid ?? 0);
    for (const pid of programs) process.kill(pid, "SIGSTOP");
    child.kill("SIGINT");
    await until(stderr, (text) => text.includes("Press Ctrl+C again to exit at once"), 10_000);
    child.kill("SIGINT");
    const { status } = await ended;
    for (const pid of programs) process.kill(pid, "SIGKILL");
    expect(status).toBe(130);
    expect(programs).toHaveLength(1);
  });
});

test("thresholds decide the exit code", async () => {
  const { child, port } = await serve("http-server");
  const url = `http://127.0.0.1:${port}/`;
  const out = join(folder.path, "out");
  const [kept, crossed, unknown] = await Promise.all([
    load(url, "--rate", "50", "--fail-if", "errors > 99", "--fail-if", "requests > 30", "--out", out),
    load(url, "--rate", "50", "--fail-if", "errors > 99", "--fail-if", "requests <= 30"),
    load(url, "--rate", "50", "--fail-if", "connect.p90 >= 2ms"),
  ]);
  expect(kept.status).toBe(statusOf(kept, 0));
  expect(crossed.status).toBe(statusOf(crossed, 1));
  expect(unknown.status).toBe(2);
  expect(crossed.load).toMatchObject({
    thresholds: [{ outcome: "kept" }, { outcome: "crossed" }],
  });
  expect(unknown.load).toMatchObject({ thresholds: [{ outcome: "unknown", value: null }] });
  // --out wrote the JSON document, the histograms, and every look.
  expect(JSON.parse(readFileSync(join(out, "load.json"), "utf8"))).toEqual(kept.load);
  expect(readFileSync(join(out, "load.hlog"), "utf8")).toMatch(/^Tag=total,\d+\.\d+,/m);
  const looks = readFileSync(join(out, "looks.ndjson"), "utf8").trim().split("\n");
  expect(looks).toHaveLength(kept.load.looks.looks);
  const last = JSON.parse(looks.at(-1) ?? "") as { server: { pid: number; ranMs: number }[] };
  expect(new Set(last.server.map(({ pid }) => pid))).toEqual(new Set([child.pid]));
  expect(Math.max(...last.server.map(({ ranMs }) => ranMs))).toBeGreaterThan(0);
  const again = await load(url, "--out", out);
  expect([again.status, again.stderr]).toEqual([64, expect.stringMatching(/already contains a load\.json/)]);
});

test("a full accept queue: the report says that connections waited for a retry of their SYN", async () => {
  // It accepts nothing for 0.4 s of every second, and its queue has room for 3 (a backlog of 2, and one).
  const script = `
    const busy = new Int32Array(new SharedArrayBuffer(4));
    const server = require("node:http").createServer((_, response) => response.end("ok"));
    server.listen({ port: 0, host: "127.0.0.1", backlog: 2 }, () => console.log("ready " + server.address().port));
    setInterval(() => Atomics.wait(busy, 0, 0, 400), 1000);
  `;
  const { port } = await start([process.execPath, "-e", script]);
  const ran = await talk([
    ...["load", `http://127.0.0.1:${port}/`, "--mode", "short", "--connections", "20"],
    ...["--warm-up", "0", "--duration", "4", "--json"],
  ]).ended;
  expect(ran.load.warnings).toContainEqual(
    expect.stringMatching(
      /^\d+ of [\d,]+ connections took 1 s or longer to open, .* was full [\d,]+ times .* limit of 2\)/,
    ),
  );
});
