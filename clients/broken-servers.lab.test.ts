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
  // Those that have not ended though they should have.
  for (const child of started.splice(0)) child.kill("SIGKILL");
  await closeServers();
});

/** What a server says when all is well, what it might say instead, and how that begins. */
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

/** Something of a server's that is wrong, and how the attempt ends that meets with it. */
interface Fault {
  name: string;
  only?: "tcp" | "http";
  /** Instead of a right answer. */
  answer: (peer: Socket, said: (typeof SAID)["tcp" | "http"]) => void;
  outcome: string;
}

/** Says something again and again, until nobody listens any more. */
function repeat(peer: Socket, text: string, everyMs: number): void {
  const timer = setInterval(() => peer.write(text), everyMs);
  peer.once("close", () => clearInterval(timer));
}

/** As fast as it is taken. */
function flood(peer: Socket, text: string): void {
  while (peer.writable && peer.write(text));
  if (peer.writable) peer.once("drain", () => flood(peer, text));
}

const CHUNK = `4000\r\n${"x".repeat(0x4000)}\r\n`;

const FAULTS: Fault[] = [
  { name: "never answers", answer: () => {}, outcome: "response timeout" },
  { name: "closes instead", answer: (peer) => peer.end(), outcome: "response truncated" },
  { name: "resets instead", answer: (peer) => peer.resetAndDestroy(), outcome: "response ECONNRESET" },
  {
    name: "answers garbage",
    only: "http",
    answer: (peer) => peer.write("220 mail.example ESMTP\r\n"),
    outcome: "response unexpected",
  },
  {
    name: "says half a line or head and no more",
    answer: (peer, { part }) => peer.write(part),
    outcome: "response timeout",
  },
  {
    name: "says half a line or head and closes",
    answer: (peer, { part }) => peer.end(part),
    outcome: "response truncated",
  },
  {
    name: "says half a line or head and resets",
    answer: (peer, { part }) => peer.write(part, () => peer.resetAndDestroy()),
    outcome: "response ECONNRESET",
  },
  {
    name: "has too short a body and waits",
    only: "http",
    answer: (peer) => peer.write(SHORT_BODY),
    outcome: "response timeout",
  },
  {
    name: "has too short a body and closes",
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
    name: "says more than it was asked for",
    answer: (peer, { right }) => peer.write(right === SAID.tcp.right ? `${right}${right}` : LONG_BODY),
    outcome: "response unexpected",
  },
  {
    name: "says a line or head that never ends, a byte at a time",
    answer: (peer, { part }) => {
      peer.write(part);
      repeat(peer, "n", 10);
    },
    outcome: "response timeout",
  },
  {
    name: "says a line or head that never ends, as fast as it can",
    answer: (peer, { part }) => {
      peer.write(part);
      flood(peer, "n".repeat(0x4000));
    },
    outcome: "response unexpected",
  },
  {
    name: "has a body that never ends, slowly",
    only: "http",
    answer: (peer, { endless }) => {
      peer.write(endless);
      repeat(peer, "1\r\nx\r\n", 10);
    },
    outcome: "response timeout",
  },
  {
    name: "has a body that never ends, as fast as it can",
    only: "http",
    answer: (peer, { endless }) => {
      peer.write(endless);
      flood(peer, CHUNK);
    },
    outcome: "response timeout",
  },
];

/** What begins for so long may not last for much longer than that and one timeout. */
const BRIEF = ["--duration-ms", "1000"];
/** A run that nothing else ends. A machine that is busy may take its time, and a test has more. */
const BOUNDS = ["--concurrency", "5", "--within-ms", "1800000"];
const ON_TIME_MS = 600_000;
/** For what must time out, and for what must not, however busy the machine is. */
const SOON = ["--timeout-ms", "2000"];
const LATE = ["--timeout-ms", "120000"];

/** Runs a load and holds it to what every run owes: an end on time, and a report that adds up. */
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
    // Rounds of 50 at most, with pauses of 4, 8, 16, ... ms between them: ten in a second.
    expect(sum(atOnce.outcomes)).toBeLessThanOrEqual(500);
    expect(Object.keys(later.outcomes).toSorted()).toEqual(["ok", fault.outcome]);
    // Two right answers on every connection, but for those that were open when the load was over.
    expect(later.outcomes["ok"]).toBeLessThanOrEqual(2 * later.connections);
  });
});

/** How an attempt ends whose connection was there and was reset, before or after the request was sent. */
const RESETS = ["request ECONNRESET", "request EPIPE", "response ECONNRESET"];

test.each(["short-http", "long-http", "short-tcp", "long-tcp"])(
  "a server that resets as soon as it has accepted: %s was connected, and no more",
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

test("a server that resets idle connections: others are made, and attempts are lost only to a race", async () => {
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

/** An HTTP server in a process of its own, that gives itself a signal with the 97th answer; and its address. */
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
  /** Of those after the server's end, a process that takes its time to be taken apart has not all. */
  const many = ["--attempts", "1997", "--rate", "497"];

  test("nobody listens: it says so, and ends on time", async () => {
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
    // All but those that were under way, which are five at most.
    expect(ok).toBeGreaterThanOrEqual(92);
    expect(ok).toBeLessThanOrEqual(97);
    // The others were under way, or let in by the kernel while the process was taken apart.
    expect(refused).toBeGreaterThan(0);
    expect([...RESETS, "response truncated"]).toEqual(expect.arrayContaining(Object.keys(others)));
    expect(refused).toBe(1997 - (ok ?? 0) - sum(others));
  });

  test("the server is stopped: connections are made, and time out", async () => {
    const { to } = await mortalServer("SIGSTOP");
    const { outcomes, neverBegun } = await runOnTime(client, ["--to", to, "--attempts", "113", ...SOON]);
    expect(Object.keys(outcomes).toSorted()).toEqual(["ok", "response timeout"]);
    expect(outcomes["ok"]).toBeLessThanOrEqual(97);
    expect(sum(outcomes)).toBe(113);
    expect(neverBegun).toBe(0);
  });
});
