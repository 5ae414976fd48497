import { afterEach, describe, expect, test } from "vitest";
import { LONG, numbers, runClient, SHORT } from "./fixture/client-process.fixture.ts";
import { closeServers, correctServer } from "./fixture/server.fixture.ts";
import type { Seen } from "./fixture/server.fixture.ts";

afterEach(closeServers);

const ARGS = ["--attempts", "47", "--concurrency", "5"];

describe.each(["127.0.0.1", "::1"])("a correct server on %s", (host) => {
  describe.each(["client", "server", "reset"])("connections closed by: %s", (close) => {
    test.each(SHORT)("%s makes a connection for every attempt", async (client) => {
      const { to, seen } = await correctServer(client, host, close === "server");
      const run = await runClient(client, ["--to", to, ...ARGS, "--close", close]);
      expect(run).toMatchObject({ code: 0, stderr: "", outcomes: { ok: 47 }, connections: [] });
      expect(run.attempts.map((row) => row.attempt)).toEqual(numbers(47));
      expect(run.attempts.map((row) => row.connection)).toEqual(numbers(47));
      for (const { connectMs, firstByteMs, totalMs, localPort } of run.attempts) {
        expect(connectMs).toBeGreaterThan(0);
        expect(firstByteMs).toBeGreaterThan(connectMs ?? Infinity);
        expect(totalMs).toBeGreaterThanOrEqual(firstByteMs ?? Infinity);
        expect(localPort).toBeGreaterThan(0);
      }
      await expectEnds(seen, close, 47);
    });

    test.each(LONG)("%s sends all attempts over the same five connections", async (client) => {
      const { to, seen, peers } = await correctServer(client, host, false);
      // Nothing in these protocols marks the last request of a connection, so the test closes for the server.
      const endWhenAllIsSaid = async (): Promise<void> => {
        await expect.poll(() => seen.requests).toBe(47);
        if (close === "server") for (const peer of peers) peer.end();
      };
      const run = await runClient(client, ["--to", to, ...ARGS, "--close", close], {
        meanwhile: endWhenAllIsSaid,
      });
      expect(run).toMatchObject({ code: 0, stderr: "", outcomes: { ok: 47 } });
      expect(run.attempts.map((row) => row.attempt)).toEqual(numbers(47));
      expect(run.attempts.slice(0, 5).map((row) => row.connection)).toEqual(numbers(5));
      expect(new Set(run.attempts.map((row) => row.connection))).toEqual(new Set(numbers(5)));
      // The first attempt on each connection opened it; the others used it.
      for (const row of run.attempts.slice(0, 5)) expect(row.connectMs).toBeGreaterThan(0);
      for (const row of run.attempts.slice(5)) {
        expect(row.connectMs).toBeNull();
        expect(row.totalMs).toBeGreaterThan(0);
      }
      expect(run.connections.map((row) => row.connection).toSorted((a, b) => a - b)).toEqual(numbers(5));
      expect(run.connections.reduce((sum, row) => sum + row.responses, 0)).toBe(47);
      const endedBy = close === "server" ? "server" : "client";
      for (const row of run.connections) expect(row).toMatchObject({ outcome: "ok", endedBy });
      await expectEnds(seen, close, 5);
    });
  });
});

/** Checks which side closed, as the server saw it. */
async function expectEnds(seen: Seen, close: string, connections: number): Promise<void> {
  await expect
    .poll(() => seen)
    .toEqual({
      connections,
      requests: 47,
      clientFins: close === "client" ? connections : 0,
      resets: close === "reset" ? connections : 0,
    });
}
