import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { clientCommand, CLIENTS, numbers, runClient, runLoad } from "./fixture/client-process.fixture.ts";
import { closeServers, correctServer, listen, rawServer } from "./fixture/server.fixture.ts";

afterEach(closeServers);

const sum = (counts: number[]): number => counts.reduce((total, count) => total + count, 0);

test.each(CLIENTS)("%s shares attempts and connections among its threads", async (client) => {
  const { to, seen } = await correctServer(client, "127.0.0.1", false);
  const args = ["--to", to, "--attempts", "997", "--concurrency", "23", "--threads", "3"];
  const run = await runClient(client, args);
  expect(run).toMatchObject({ code: 0, stderr: "", outcomes: { ok: 997 } });
  expect(run.attempts.map((row) => row.attempt)).toEqual(numbers(997));
  expect(seen.requests).toBe(997);
  const connections = new Set(run.attempts.map((row) => row.connection));
  expect(connections.size).toBe(seen.connections);
  expect(seen.connections).toBe(client.startsWith("long") ? 23 : 997);
});

test("every thread prints its own seconds and totals, and their sum is what the server saw", async () => {
  const { to, seen } = await correctServer("long-http", "127.0.0.1", false);
  const args = ["--to", to, "--duration-ms", "1300", "--concurrency", "5", "--threads", "2", "--rate", "197"];
  const run = await runLoad("long-http", [...args, "--open"]);
  expect(run).toMatchObject({ code: 0, stderr: "" });
  expect(run.ends.map(({ thread }) => thread).toSorted((a, b) => a - b)).toEqual([1, 2]);
  expect(sum(run.ends.map(({ outcomes }) => outcomes["ok"] ?? 0))).toBe(seen.requests);
  // 257 attempts are due, one every 5.08 ms from 0 to 1300 ms. The two threads take turns.
  expect(run.ends.map(({ outcomes }) => sum(Object.values(outcomes))).toSorted((a, b) => a - b)).toEqual([
    128, 129,
  ]);
  expect(sum(run.ends.map(({ connections }) => connections))).toBe(seen.connections);
  for (const thread of [1, 2]) {
    const seconds = run.seconds.filter((line) => line.thread === thread).map(({ second }) => second);
    expect(seconds).toEqual(numbers(seconds.length));
  }
});

test("the attempts of all threads together are due at equal intervals", async () => {
  const { to } = await correctServer("long-tcp", "127.0.0.1", false);
  const args = ["--to", to, "--attempts", "97", "--concurrency", "9", "--rate", "97", "--open"];
  const { attempts } = await runClient("long-tcp", [...args, "--threads", "4"]);
  const firstUs = attempts[0]?.monotonicUs ?? 0;
  expect(attempts.map((row) => row.monotonicUs - firstUs)).toEqual(
    numbers(97).map((attempt) => Math.round(((attempt - 1) * 1e6) / 97)),
  );
});

test("a signal ends all threads, and the results so far are printed", async () => {
  let requests = 0;
  const { to } = await rawServer((peer, data) => {
    requests += 1;
    if (requests <= 11) peer.write(data);
  });
  const args = ["--to", to, "--duration-ms", "600000", "--concurrency", "4", "--threads", "2"];
  const run = await runLoad("long-tcp", args, async (child) => {
    await expect.poll(() => requests).toBe(15);
    child.kill("SIGINT");
  });
  expect(run.code).toBe(130);
  expect(sum(run.ends.map(({ outcomes }) => outcomes["ok"] ?? 0))).toBe(11);
  expect(sum(run.ends.map(({ outcomes }) => outcomes["response ECANCELED"] ?? 0))).toBe(4);
});

test.each([0, 2000])(
  "all threads end when their reader reads nothing and goes away after %i ms",
  async (ms) => {
    const { to } = await listen(createHttpServer((_request, response) => response.end("hello\n")));
    const args = ["--to", to, "--duration-ms", "600000", "--concurrency", "40", "--threads", "2"];
    const [executable = "", ...rest] = clientCommand("long-http", args);
    const child = spawn(executable, rest, { stdio: ["ignore", "pipe", "pipe"] });
    // After 2 s the pipe is full, and the threads wait for their output to be read.
    setTimeout(() => child.stdout.destroy(), ms);
    const [complained, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
    expect(complained).toContain("standard output could not be written to its end");
    expect(code).toBe(70);
  },
);

test("a thread that cannot begin ends all threads, and its error is printed", async () => {
  const { to } = await correctServer("short-http", "127.0.0.1", false);
  const args = ["--to", to, "--attempts", "97", "--concurrency", "8", "--threads", "8"];
  // There are enough descriptors for the program, but not for eight event loops.
  const run = await runClient("short-http", args, { before: ["prlimit", "--nofile=50:50"] });
  expect(run.code).toBe(70);
  expect(run.stderr).toMatch(/^short-http: thread \d: .*EMFILE/m);
});
