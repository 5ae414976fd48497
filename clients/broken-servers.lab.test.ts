import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { runLoad } from "./fixture/client-process.fixture.ts";
import type { LoadRun } from "./fixture/client-process.fixture.ts";
import { closeServers, listen, rawServer } from "./fixture/server.fixture.ts";

/** Processes that a test has started. */
const started: ChildProcess[] = [];

afterEach(async () => {
  // Kills the processes that are still running.
  for (const child of started.splice(0)) child.kill("SIGKILL");
  await closeServers();
});

/** The correct answer of a server, a part of it, and the beginning of an answer that never ends. */
const SAID = {
  tcp: { right: "ok\n", part: "o", endless: "x" },
  http: {
    right: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    part: "HTTP/1.1 200 OK\r\nContent-Le",
    endless: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
  },
} as const;

const SHORT_BODY = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell";
const LONG_BODY = `${SAID.http.right}!`;

/** A fault of a server, and the outcome of an attempt that meets it. */
interface Fault {
  name: string;
  only?: "tcp" | "http";
  /** Sends the faulty answer. */
  answer: (peer: Socket, said: (typeof SAID)["tcp" | "http"]) => void;
  outcome: string;
}

/** Sends a text again and again, until the connection is closed. */
function repeat(peer: Socket, text: string, everyMs: number): void {
  const timer = setInterval(() => peer.write(text), everyMs);
  peer.once("close", () => clearInterval(timer));
}

/** Sends a text again and again, as fast as the socket takes it. */
function flood(peer: Socket, text: string): void {
  while (peer.writable && peer.write(text));
  if (peer.writable) peer.once("drain", () => flood(peer, text));
}

const CHUNK = `4000\r\n${"x".repeat(0x4000)}\r\n`;

const FAULTS: Fault[] = [
  { name: "never answers", answer: () => {}, outcome: "response timeout" },
  { name: "closes instead", answer: (peer) => peer.end(), outcome: "response empty" },
  { name: "resets instead", answer: (peer) => peer.resetAndDestroy(), outcome: "response ECONNRESET" },
  {
    name: "answers garbage",
    only: "http",
    answer: (peer) => peer.write("220 mail.example ESMTP\r\n"),
    outcome: "response not-http",
  },
  {
    name: "sends half a line or head and no more",
    answer: (peer, { part }) => peer.write(part),
    outcome: "response timeout",
  },
  {
    name: "sends half a line or head and closes",
    answer: (peer, { part }) => peer.end(part),
    outcome: "response truncated",
  },
  {
    name: "sends half a line or head and resets",
    answer: (peer, { part }) => peer.write(part, () => peer.resetAndDestroy()),
    outcome: "response ECONNRESET",
  },
  {
    name: "sends too short a body and waits",
    only: "http",
    answer: (peer) => peer.write(SHORT_BODY),
    outcome: "response timeout",
  },
  {
    name: "sends too short a body and closes",
    only: "http",
    answer: (peer) => peer.end(SHORT_BODY),
    outcome: "response truncated",
  },
  {
    name: "resets in the middle of the body",
    only: "http",
    answer: (peer) => peer.write(SHORT_BODY, () => peer.resetAndDestroy()),
    outcome: "response ECONNRESET",
  },
  {
    name: "sends more than one answer",
    answer: (peer, { right }) => peer.write(right === SAID.tcp.right ? `${right}${right}` : LONG_BODY),
    outcome: "response extra-bytes",
  },
  {
    name: "sends a line or head that never ends, a byte at a time",
    answer: (peer, { part }) => {
      peer.write(part);
      repeat(peer, "n", 10);
    },
    outcome: "response timeout",
  },
  {
    name: "sends a line or head that never ends, as fast as it can",
    answer: (peer, { part }) => {
      peer.write(part);
      flood(peer, "n".repeat(0x4000));
    },
    outcome: "response line-too-long",
  },
  {
    name: "sends a body that never ends, slowly",
    only: "http",
    answer: (peer, { endless }) => {
      peer.write(endless);
      repeat(peer, "1\r\nx\r\n", 10);
    },
    outcome: "response timeout",
  },
  {
    name: "sends a body that never ends, as fast as it can",
    only: "http",
    answer: (peer, { endless }) => {
      peer.write(endless);
      flood(peer, CHUNK);
    },
    outcome: "response timeout",
  },
];

/** Attempts begin for one second. The run then ends after at most about one timeout more. */
const BRIEF = ["--duration-ms", "1000"];
/** Limits that are not reached: only --duration-ms or --timeout-ms ends a run. A busy machine is slow, and the limits are generous. */
const BOUNDS = ["--concurrency", "5", "--within-ms", "1800000"];
const ON_TIME_MS = 600_000;
/** SOON is for attempts that must time out; LATE is for attempts that must not, however busy the machine is. */
const SOON = ["--timeout-ms", "2000"];
const LATE = ["--timeout-ms", "120000"];

/** Runs a load, and checks what holds for every run: it ends on time, and its figures add up. */
async function runOnTime(client: string, args: string[]): Promise<LoadRun["end"]> {
  const began = performance.now();
  const run = await runLoad(client, [...BOUNDS, ...args], (child) => started.push(child));
  expect(performance.now() - began).toBeLessThan(ON_TIME_MS);
  expect(run).toMatchObject({ code: 0, stderr: "" });
  const ok = run.end.outcomes["ok"] ?? 0;
  expect(run.counted).toEqual({ connect: run.end.connections, firstByte: ok, total: ok });
  const { clientFin = 0, serverFin = 0, reset = 0 } = run.end.endedBy ?? {};
  expect(clientFin + serverFin + reset).toBe(run.end.connections);
  return run.end;
}

const sum = (outcomes: Record<string, number>): number =>
  Object.values(outcomes).reduce((total, count) => total + count, 0);

describe.each(["tcp", "http"] as const)("a server of %s that", (protocol) => {
  const faults = FAULTS.filter(({ only = protocol }) => only === protocol);
  const rows = faults.map((fault) => [fault.name, fault.outcome, fault] as const);

  test.each(rows)("%s: %s, at once and in the middle of a connection", async (_name, _outcome, fault) => {
    const first = await rawServer((peer) => fault.answer(peer, SAID[protocol]));
    const asked = new WeakMap<Socket, number>();
    const third = await rawServer((peer) => {
      const request = (asked.get(peer) ?? 0) + 1;
      asked.set(peer, request);
      if (request < 3) peer.write(SAID[protocol].right);
      else fault.answer(peer, SAID[protocol]);
    });
    const bounds = [...BRIEF, ...(fault.outcome.endsWith("timeout") ? SOON : LATE)];
    const [atOnce, later] = await Promise.all([
      runOnTime(`short-${protocol}`, ["--to", first.to, ...bounds]),
      runOnTime(`long-${protocol}`, ["--to", third.to, ...bounds]),
    ]);
    expect([atOnce.seconds, later.seconds]).toEqual([1, 1]);
    expect(Object.keys(atOnce.outcomes)).toEqual([fault.outcome]);
    // Rounds of at most 50 attempts, with pauses of 4, 8, 16, ... ms between them: ten rounds in a second.
    expect(sum(atOnce.outcomes)).toBeLessThanOrEqual(500);
    expect(Object.keys(later.outcomes).toSorted()).toEqual(["ok", fault.outcome]);
    // Two correct answers on every connection, or fewer on those that were open at the end of the load.
    expect(later.outcomes["ok"]).toBeLessThanOrEqual(2 * later.connections);
  });
});

/** The possible outcomes of an attempt whose connection was established and then reset, before or after the request was sent. */
const RESETS = ["request ECONNRESET", "request EPIPE", "response ECONNRESET"];

test.each(["short-http", "long-http", "short-tcp", "long-tcp"])(
  "a server that resets as soon as it has accepted: %s was connected, and got no answer",
  async (client) => {
    const { to } = await rawServer(
      () => {},
      (peer) => peer.resetAndDestroy(),
    );
    const { outcomes, connections, endedBy } = await runOnTime(client, ["--to", to, ...BRIEF, ...LATE]);
    expect(RESETS).toEqual(expect.arrayContaining(Object.keys(outcomes)));
    expect(endedBy).toEqual({ clientFin: 0, serverFin: 0, reset: connections });
  },
);

test("a server that resets idle connections: new ones are made, and attempts are lost only in a race", async () => {
  const { to } = await rawServer((peer) => {
    peer.write(SAID.http.right, () => setTimeout(() => peer.resetAndDestroy(), 20));
  });
  const { outcomes, endedBy } = await runOnTime("long-http", ["--to", to, ...BRIEF, ...LATE, "--rate", "23"]);
  const { ok = 0, ...others } = outcomes;
  expect(RESETS).toEqual(expect.arrayContaining(Object.keys(others)));
  expect(ok).toBeGreaterThan(sum(others));
  expect(endedBy?.reset).toBeGreaterThan(0);
  expect(endedBy?.serverFin).toBe(0);
});

/** Starts an HTTP server in its own process, and returns its address. With its 97th answer it sends itself the signal. */
async function mortalServer(signal: "SIGKILL" | "SIGSTOP"): Promise<{ to: string }> {
  const source = `let count = 0;
    const server = require("node:http").createServer((request, response) => {
      response.end("hello\\n");
      if (++count === 97) process.kill(process.pid, "${signal}");
    });
    server.listen(0, "127.0.0.1", () => process.stdout.write(String(server.address().port)));`;
  const server = spawn(process.execPath, ["-e", source], { stdio: ["ignore", "pipe", "inherit"] });
  started.push(server);
  const [port] = (await once(server.stdout, "data")) as [Buffer];
  return { to: `127.0.0.1:${port.toString()}` };
}

describe.each(["short-http", "long-http"])("%s", (client) => {
  const args = ["--attempts", "127", "--rate", "497"];
  /** Enough attempts after the server's end, even if the kernel needs time to end its process. */
  const many = ["--attempts", "1997", "--rate", "497"];

  test("nobody listens: it reports that, and ends on time", async () => {
    const { to } = await listen(createServer());
    await closeServers();
    const { outcomes, endedBy } = await runOnTime(client, ["--to", to, ...args]);
    expect(outcomes).toEqual({ "connect ECONNREFUSED": 127 });
    expect(endedBy).toEqual({ clientFin: 0, serverFin: 0, reset: 0 });
  });

  test("the server is killed: connections break, and then nobody listens", async () => {
    const { to } = await mortalServer("SIGKILL");
    const { outcomes } = await runOnTime(client, ["--to", to, ...many, ...LATE]);
    const { ok, "connect ECONNREFUSED": refused = 0, ...others } = outcomes;
    // All 97 answers, except those still under way: five at most.
    expect(ok).toBeGreaterThanOrEqual(92);
    expect(ok).toBeLessThanOrEqual(97);
    // The others were under way, or the kernel accepted their connections while it ended the process.
    expect(refused).toBeGreaterThan(0);
    expect([...RESETS, "response empty", "response truncated"]).toEqual(
      expect.arrayContaining(Object.keys(others)),
    );
    expect(refused).toBe(1997 - (ok ?? 0) - sum(others));
  });

  test("the server is stopped: connections are made, and attempts time out", async () => {
    const { to } = await mortalServer("SIGSTOP");
    const { outcomes, neverBegun } = await runOnTime(client, ["--to", to, "--attempts", "113", ...SOON]);
    expect(Object.keys(outcomes).toSorted()).toEqual(["ok", "response timeout"]);
    expect(outcomes["ok"]).toBeLessThanOrEqual(97);
    expect(sum(outcomes)).toBe(113);
    expect(neverBegun).toBe(0);
  });
});
