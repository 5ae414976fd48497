import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { clientCommand } from "./fixture/client-process.fixture.ts";

type Told = Record<string, string | number | null>;

const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

function start(args: string[]): ChildProcess {
  const [executable = "", ...rest] = clientCommand("calls", args);
  const child = spawn(executable, rest, { stdio: ["ignore", "pipe", "pipe"] });
  running.push(child);
  return child;
}

async function play(args: string[]): Promise<{ code: number | null; told: Told[]; stderr: string }> {
  const child = start(args);
  const closed = once(child, "close");
  const [stdout, stderr] = await Promise.all([text(child.stdout!), text(child.stderr!)]);
  const [code] = (await closed) as [number | null];
  return { code, told: lines(stdout), stderr };
}

function lines(stdout: string): Told[] {
  const json = stdout.split("\n").filter((line) => line.startsWith("{"));
  return json.map((line) => JSON.parse(line) as Told);
}

const inShort = (told: Told[]): string[] =>
  told.map(({ call, result }) => (result === undefined ? `${call} …` : `${call} ${result}`));

/** Runs a program at each end of a connection; the first one listens. Returns the lines of both. */
async function both(server: string[], client: string[]): Promise<[Told[], Told[]]> {
  const at = start(["listen 0 8", ...server]);
  let heard = "";
  const ready = new Promise<number>((resolve) => {
    at.stdout!.setEncoding("utf8").on("data", (piece: string) => {
      heard += piece;
      const port = /^ready (\d+)$/m.exec(heard)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
  const closed = once(at, "close");
  const port = await ready;
  const { told } = await play(client.map((call) => call.replace("PORT", String(port))));
  await closed;
  return [lines(heard), told];
}

test("both ends make their calls in order, and report the result of each", async () => {
  const [server, client] = await both(
    ["accept", "recv end", "send 5", "close"],
    ["connect 127.0.0.1:PORT", "send 97", "shutdown write", "recv end", "close"],
  );
  expect(inShort(client)).toEqual([
    "connect …",
    "connect 0",
    "send 97",
    "shutdown(SHUT_WR) 0",
    "recv 5",
    "close 0",
  ]);
  expect(server.map(({ call }) => call)).toEqual(["listen", "accept", "recv", "send", "close"]);
  expect(server[2]).toMatchObject({ result: 97, bytes: 97, foreign: 0 });
  // All lines are of one connection, and their times are in order.
  const { localPort, remotePort } = client[0]!;
  for (const told of client) expect(told).toMatchObject({ localPort, remotePort });
  for (const told of server.slice(1))
    expect(told).toMatchObject({ localPort: remotePort, remotePort: localPort });
  const times = client.map(({ monotonicUs }) => monotonicUs as number);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test("a failed call is reported with its errno, and the next call is made", async () => {
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const { port } = free.address() as AddressInfo;
  free.close();
  await once(free, "close");
  const { code, told } = await play([`connect 127.0.0.1:${port}`, "send 1", "close", "recv 1"]);
  expect(inShort(told)).toEqual(["connect …", "connect ECONNREFUSED", "send EPIPE", "close 0", "recv EBADF"]);
  expect(code).toBe(0);
});

test("SO_LINGER of 0 makes close() send a reset, and the bytes read before it are counted", async () => {
  const [server] = await both(
    ["accept", "recv end"],
    ["connect 127.0.0.1:PORT", "send 11", "wait 200", "set SO_LINGER 0", "close"],
  );
  expect(server.at(-1)).toMatchObject({ call: "recv", result: "ECONNRESET", bytes: 11 });
});

test("disconnect sends a reset, and the socket connects again from another port", async () => {
  const [server, client] = await both(
    ["accept", "recv end", "close", "accept", "recv end", "close"],
    [
      "connect 127.0.0.1:PORT",
      "send 11",
      "wait 200",
      "disconnect",
      "connect 127.0.0.1:PORT",
      "send 7",
      "close",
    ],
  );
  const calls = ["connect …", "connect 0", "send 11", "connect(AF_UNSPEC) 0"];
  expect(inShort(client)).toEqual([...calls, "connect …", "connect 0", "send 7", "close 0"]);
  expect(server.filter(({ call }) => call === "recv")).toMatchObject([
    { result: "ECONNRESET", bytes: 11 },
    { result: 7, bytes: 7 },
  ]);
});

test("a call that is reported with the time of its beginning has a duration too", async () => {
  const [server, client] = await both(
    ["accept", "wait 300", "close"],
    ["set SO_RCVBUF 4096", "connect 127.0.0.1:PORT", "send 7", "set SO_LINGER 3", "close"],
  );
  const took = (told: Told[]): unknown[] =>
    told.filter(({ tookUs }) => tookUs !== undefined).map(({ call }) => call);
  expect(took(client)).toEqual(["send", "close"]);
  expect(took(server)).toEqual(["close"]);
  expect(client.at(-1)?.["tookUs"]).toBeGreaterThan(0);
});

test("each connection has its own letter", async () => {
  const [server] = await both(
    ["accept", "recv end", "close", "accept", "recv end", "close"],
    ["--times", "2", "connect 127.0.0.1:PORT", "send 7", "close"],
  );
  const reads = server.filter(({ call }) => call === "recv");
  expect(reads.map(({ bytes, foreign }) => [bytes, foreign])).toEqual([
    [7, 0],
    [7, 0],
  ]);
});

test("a connect that is refused before it sends anything uses up no letter", async () => {
  const port = ["set SO_REUSEADDR 1", "bind 20011", "connect 127.0.0.1:PORT"];
  const [server, client] = await both(
    ["accept", "accept", "recv end", "close"],
    [...port, "keep", ...port, "close", "connect 127.0.0.1:PORT", "send 7", "close"],
  );
  const connects = client.filter(({ call, result }) => call === "connect" && result !== undefined);
  expect(connects.map(({ result }) => result)).toEqual([0, "EADDRNOTAVAIL", 0]);
  expect(server[3]).toMatchObject({ call: "recv", bytes: 7, foreign: 0 });
});

test("a first sequence number is set before connect, and refused after it", async () => {
  const [server, client] = await both(
    ["accept", "recv end", "close"],
    ["sequence 1000000", "connect 127.0.0.1:PORT", "sequence 1000000", "send 7", "close"],
  );
  const call = "setsockopt(TCP_QUEUE_SEQ, 1000000)";
  const [before, after] = client.filter((told) => told["call"] === call);
  // Without the right to configure the network (CAP_NET_ADMIN), the number cannot be set either.
  expect(["EPERM", 0]).toContain(before?.["result"]);
  expect(after).toMatchObject({ result: "EPERM" });
  expect(server[2]).toMatchObject({ bytes: 7, foreign: 0 });
});

test("an offer takes what both ends have room for, and does not wait for more", async () => {
  const silent = createServer({ pauseOnConnect: true }).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const { told } = await play([
    `connect 127.0.0.1:${port}`,
    "offer 100000000",
    "offer 100000000",
    "set SO_LINGER 0",
    "close",
  ]);
  silent.close();
  const [first, second] = told.filter(({ call }) => call === "send");
  expect(first!["result"]).toBeGreaterThan(10_000);
  expect(first!["result"]).toBeLessThan(100_000_000);
  // There can be room for a few bytes more: poll(2) reports a socket as writable only when a third of its buffer is free.
  const more = second!["result"] === "EAGAIN" ? 0 : second!["result"];
  expect(more).toBeLessThan(Number(first!["result"]) / 3);
});

test("SIGTERM ends a program that stays", async () => {
  const child = start(["listen 0 1", "stay"]);
  await once(child.stdout!, "data");
  child.kill("SIGTERM");
  const [, signal] = (await once(child, "exit")) as [number | null, string | null];
  expect(signal).toBe("SIGTERM");
});

test("wrong usage gives a sentence and exit code 64", async () => {
  expect(await play(["cloze"])).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('"cloze" is no call'),
  });
  expect(await play([])).toMatchObject({ code: 64, stderr: expect.stringContaining("no call was given") });
  expect(await play(["--times", "0", "close"])).toMatchObject({ code: 64 });
});

test("if a child has a copy of a connection, close() does not end it, and shutdown() does", async () => {
  const server = (end: string): string[] => ["accept", "share", end, "wait 600", "shutdown write"];
  const closed = await both(server("close"), ["connect 127.0.0.1:PORT", "wait 300", "offer 5"]);
  const shutDown = await both(server("shutdown write"), ["connect 127.0.0.1:PORT", "recv end"]);
  expect(inShort(closed[0])).toContain("share 0");
  expect(inShort(closed[0])).toContain("close 0");
  expect(inShort(closed[1]).at(-1)).toBe("send 5");
  expect(inShort(shutDown[1]).at(-1)).toBe("recv 0");
});

test("the current socket becomes the listener, and can be closed", async () => {
  const { told } = await play(["set SO_REUSEADDR 0", "bind 0", "listen 0 4", "unlisten", "unlisten"]);
  expect(inShort(told)).toEqual([
    "setsockopt(SO_REUSEADDR, 0) 0",
    "bind 0",
    "listen 0",
    "unlisten 0",
    "unlisten EBADF",
  ]);
  expect(told[2]!["localPort"]).toBe(told[1]!["localPort"]);
});
