import type { ChildProcess } from "node:child_process";
import { readdirSync, readlinkSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { numbers, runClient, runLoad } from "./fixture/client-process.fixture.ts";
import { closeServers, correctServer, listen, rawServer } from "./fixture/server.fixture.ts";

afterEach(closeServers);

/** The target of a symbolic link; an empty text when the link is gone. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

/** The sum of all outcomes. */
const sum = (outcomes: Record<string, number>): number =>
  Object.values(outcomes).reduce((total, count) => total + count, 0);

describe("histograms", () => {
  test.each(["short-tcp", "short-http", "long-tcp", "long-http"])(
    "%s counts what the server counts, with a separate count for the warm-up",
    async (client) => {
      const { to, seen } = await correctServer(client, "127.0.0.1", false);
      const args = ["--to", to, "--duration-ms", "1500", "--warm-up-ms", "400", "--concurrency", "5"];
      const run = await runLoad(client, [...args, "--rate", "197"]);
      expect(run).toMatchObject({ code: 0, stderr: "" });
      const { outcomes, warmUp, connections } = run.end;
      expect(Object.keys({ ...outcomes, ...warmUp.outcomes })).toEqual(["ok"]);
      expect(sum(outcomes) + sum(warmUp.outcomes)).toBe(seen.requests);
      expect(connections + warmUp.connections).toBe(seen.connections);
      expect(run.counted).toEqual({ connect: connections, firstByte: sum(outcomes), total: sum(outcomes) });
      // 197 attempts a second, the first at 0 ms: 400 ms of warm-up, then the rest of 1500 ms.
      if (run.end.longestLagMs < 100) expect(sum(outcomes) + sum(warmUp.outcomes)).toBeGreaterThan(250);
      expect(sum(outcomes)).toBeLessThanOrEqual(218);
      expect(run.end.seconds).toBeCloseTo(1.1, 6);
      expect(run.seconds.map(({ second }) => second)).toEqual(numbers(run.seconds.length));
      expect(run.seconds.reduce((total, line) => total + sum(line.outcomes), 0)).toBe(sum(outcomes));
      expect(run.end.cpuMs).toBeGreaterThan(0);
    },
  );

  test("a failed attempt is counted by its outcome, and its times are not counted", async () => {
    const { to } = await rawServer((peer) => peer.end());
    const run = await runLoad("short-tcp", ["--to", to, "--attempts", "97"]);
    expect(run.end).toMatchObject({ outcomes: { "response empty": 97 }, connections: 97 });
    expect(run.counted).toEqual({ connect: 97, firstByte: 0, total: 0 });
  });

  test("a signal ends it, and the results so far are printed", async () => {
    let requests = 0;
    const { to } = await rawServer((peer, data) => {
      requests += 1;
      if (requests <= 11) peer.write(data);
    });
    const interrupt = async (child: ChildProcess): Promise<void> => {
      await expect.poll(() => requests).toBe(16);
      child.kill("SIGINT");
    };
    const args = ["--to", to, "--duration-ms", "600000", "--concurrency", "5"];
    const run = await runLoad("long-tcp", args, interrupt);
    expect(run.code).toBe(130);
    expect(run.end).toMatchObject({ outcomes: { ok: 11, "response ECANCELED": 5 }, connections: 5 });
    expect(run.end.seconds).toBeLessThan(300);
  });
});

describe("a duration", () => {
  test("limits when attempts begin, and those under way are finished", async () => {
    const { to } = await rawServer((peer, data) => {
      // The answers come after the end of the load.
      setTimeout(() => peer.write(data), 2000);
    });
    const args = ["--to", to, "--duration-ms", "1000", "--concurrency", "5"];
    const { outcomes, attempts, connections } = await runClient("long-tcp", args);
    expect(outcomes).toEqual({ ok: 5 });
    expect(connections.map((row) => row.outcome)).toEqual(Array(5).fill("ok"));
    for (const { totalMs } of attempts) expect(totalMs).toBeGreaterThan(1900);
  });

  test("is as long as given", async () => {
    const { to, seen } = await correctServer("short-tcp", "127.0.0.1", false);
    const began = performance.now();
    const { attempts } = await runClient("short-tcp", ["--to", to, "--duration-ms", "700", "--rate", "97"]);
    expect(performance.now() - began).toBeGreaterThan(700);
    expect(attempts).toHaveLength(seen.requests);
    const [first, last] = [attempts.at(0), attempts.at(-1)].map((row) => row?.monotonicUs ?? 0);
    expect((last ?? 0) - (first ?? 0)).toBeLessThan(700_000);
    expect(attempts.length).toBeLessThanOrEqual(68);
  });
});

describe("--requests-per-connection", () => {
  /** A server that counts the requests of each connection, in the order in which the connections came. */
  async function countingServer(): Promise<{ to: string; requests: number[]; ends: string[] }> {
    const requests: number[] = [];
    const ends: string[] = [];
    const places = new WeakMap<object, number>();
    const server = createHttpServer((request, response) => {
      const place = places.get(request.socket) ?? 0;
      requests[place] = (requests[place] ?? 0) + 1;
      if (requests[place] === 1) ends[place] = "client";
      // The client sends this when the server should close.
      if (request.headers.connection === "close") ends[place] = `server after ${requests[place]}`;
      response.end("hello\n");
    });
    server.prependListener("connection", (peer) => {
      places.set(peer, requests.length);
      requests.push(0);
    });
    return { to: (await listen(server)).to, requests, ends };
  }

  test.each([1, 2, 5])("%i: exactly so many requests, except on the last connections", async (most) => {
    const { to, requests } = await countingServer();
    const args = [
      "--to",
      to,
      "--attempts",
      "97",
      "--concurrency",
      "3",
      "--requests-per-connection",
      `${most}`,
    ];
    const run = await runClient("long-http", args);
    expect(run.outcomes).toEqual({ ok: 97 });
    expect(requests.reduce((total, count) => total + count, 0)).toBe(97);
    expect(Math.max(...requests)).toBe(most);
    // The connections that were open after the last attempt.
    expect(requests.filter((count) => count < most).length).toBeLessThanOrEqual(3);
    const responses = run.connections.map((row) => row.responses);
    const ascending = (a: number, b: number): number => a - b;
    expect(responses.toSorted(ascending)).toEqual(requests.toSorted(ascending));
    for (const row of run.connections) expect(row).toMatchObject({ endedBy: "client", outcome: "ok" });
  });

  test("the histograms have as many connections as the server counts", async () => {
    const { to, requests } = await countingServer();
    const args = ["--to", to, "--duration-ms", "1000", "--rate", "197", "--requests-per-connection", "7"];
    const run = await runLoad("long-http", args);
    expect(run.end.connections).toBe(requests.length);
    expect(run.end.outcomes).toEqual({ ok: requests.reduce((total, count) => total + count, 0) });
    expect(run.counted.connect).toBe(requests.length);
    expect(requests.slice(0, -1)).toEqual(Array(requests.length - 1).fill(7));
  });

  test("the last request of a connection asks the server to close", async () => {
    const { to, requests, ends } = await countingServer();
    const args = ["--to", to, "--attempts", "20", "--requests-per-connection", "5", "--close", "server"];
    const run = await runClient("long-http", args);
    expect(requests).toEqual([5, 5, 5, 5]);
    expect(ends).toEqual(Array(4).fill("server after 5"));
    expect(run.connections.map((row) => `${row.endedBy} ${row.outcome}`)).toEqual(Array(4).fill("server ok"));
  });
});

describe("a server that stalls", () => {
  /** Runs a load on a server that stalls from its 11th request on. `more` are further options; the load has one connection and rate 97. */
  async function stalled(
    stallMs: number,
    more: string[] = [],
  ): Promise<{ totals: number[]; beganUs: number[] }> {
    let requests = 0;
    let until = 0;
    const { to } = await rawServer((peer, data) => {
      requests += 1;
      if (requests === 11) until = performance.now() + stallMs;
      setTimeout(() => peer.write(data), Math.max(until - performance.now(), 0));
    });
    const args = ["--to", to, "--attempts", "97", "--rate", "97", ...more];
    const { outcomes, attempts } = await runClient("long-tcp", args);
    expect(outcomes).toEqual({ ok: 97 });
    return {
      totals: attempts.map((row) => row.totalMs ?? 0),
      beganUs: attempts.map((row) => row.monotonicUs),
    };
  }

  test("is fully counted by an open loop: the times of attempts that were due meanwhile count from then", async () => {
    const { totals, beganUs } = await stalled(700, ["--open"]);
    const [firstUs = 0] = beganUs;
    expect(beganUs.map((us) => us - firstUs)).toEqual(
      numbers(97).map((attempt) => Math.round(((attempt - 1) * 1e6) / 97)),
    );
    // The 11th attempt waits for the whole stall, and each later one for one interval less.
    for (const later of [0, 11, 23, 47]) {
      expect(totals[10 + later]).toBeGreaterThan(680 - (later * 1000) / 97);
    }
    expect(totals.filter((ms) => ms > 100).length).toBeGreaterThan(50);
  });

  test("is counted once by a closed loop", async () => {
    // This is longer than a busy machine stalls by itself.
    const { totals } = await stalled(4000);
    expect(Math.max(...totals)).toBeGreaterThan(3980);
    expect(totals.filter((ms) => ms > 2000)).toHaveLength(1);
  });

  test("for good: attempts that were due and found no connection are reported as never begun", async () => {
    const { to } = await rawServer(() => {});
    const args = ["--to", to, "--duration-ms", "500", "--rate", "97", "--open", "--concurrency", "2"];
    const run = await runLoad("short-tcp", [...args, "--timeout-ms", "3000"]);
    // 49 attempts are due, one every 10.3 ms from 0 to 495 ms. Two of them have a connection.
    expect(run.end).toMatchObject({
      outcomes: { "response timeout": 2, "never begun": 47 },
      connections: 2,
      neverBegun: 47,
      seconds: 0.5,
    });
    expect(run.counted).toEqual({ connect: 2, firstByte: 0, total: 0 });
  });
});

describe("a load that begins later", () => {
  test("counts all its times from that moment", async () => {
    const { to, seen } = await correctServer("long-tcp", "127.0.0.1", false);
    const startedMs = performance.now();
    // If they counted from the start of the process, both would be over before the load begins.
    const args = ["--to", to, "--duration-ms", "1000", "--within-ms", "3000", "--rate", "97"];
    const run = await runLoad("long-tcp", [...args, "--delay-ms", "4000"]);
    expect(performance.now() - startedMs).toBeGreaterThan(4990);
    expect(run.end).toMatchObject({ outcomes: { ok: seen.requests }, seconds: 1 });
    expect(seen.requests).toBeGreaterThan(0);
    expect(seen.requests).toBeLessThanOrEqual(97);
  });

  test("can be ended before it has begun", async () => {
    const { to, seen } = await correctServer("long-tcp", "127.0.0.1", false);
    const args = ["--to", to, "--attempts", "1", "--delay-ms", "600000"];
    const run = await runLoad("long-tcp", args, async (child) => {
      // The client creates its timer last, so it is ready when the timer exists.
      const descriptors = `/proc/${child.pid}/fd`;
      const links = (): string[] => readdirSync(descriptors).map((fd) => linkOf(`${descriptors}/${fd}`));
      await expect.poll(links).toContain("anon_inode:[timerfd]");
      child.kill("SIGINT");
    });
    expect(run).toMatchObject({ code: 130, end: { outcomes: {}, connections: 0 } });
    expect(seen.connections).toBe(0);
  });
});
