import { spawn, type ChildProcess } from "node:child_process";
import { afterEach, describe, expect, test } from "vitest";
import { numbers } from "./fixture/client-process.fixture.ts";
import { endDialogues, GET, httpServer, LONG, play } from "./fixture/dialogue-process.fixture.ts";
import { monotonicUs } from "./load/clock.ts";
import { closeServers, rawServer } from "./fixture/server.fixture.ts";

const busy: ChildProcess[] = [];

afterEach(async () => {
  endDialogues();
  for (const child of busy.splice(0)) child.kill("SIGKILL");
  await closeServers();
});

describe("many connections", () => {
  test("997 at once play their steps, each on its own, and each has a last line", async () => {
    // The server answers when all of them have asked.
    const { to, urls } = await httpServer(997);
    const steps = ["together 997", GET, `answer ${LONG}`];
    const run = await play(to, ["--connections", "997", "--report", "ends", "connect 600000", ...steps]);
    expect(run).toMatchObject({ code: 0, stderr: "", steps: [], ends: [] });
    expect(run.connections.map(({ connection }) => Number(connection)).toSorted((a, b) => a - b)).toEqual(
      numbers(997),
    );
    expect(new Set(run.connections.map(({ localPort }) => localPort)).size).toBe(997);
    expect(run.connections.filter(({ outcome }) => outcome === "ok")).toHaveLength(997);
    expect(new Set(urls).size).toBe(997);
  });

  test("beside busy processes, they have the same outcomes", async () => {
    busy.push(...numbers(4).map(() => spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" })));
    const { to } = await httpServer();
    const many = ["--connections", "199", "--repeat", "5", "--report", "ends"];
    const run = await play(to, [...many, GET, "answer 30000"]);
    const outcomes = new Set(run.connections.map(({ outcome }) => outcome));
    expect([run.connections.length, [...outcomes]]).toEqual([199, ["ok"]]);
    for (const { exitCode, signalCode } of busy) expect([exitCode, signalCode]).toEqual([null, null]);
  });

  test("only as many as --concurrency are open at once, and they begin at --rate", async () => {
    const { to } = await httpServer();
    const startUs = monotonicUs();
    const many = ["--connections", "23", "--concurrency", "5"];
    const run = await play(to, [...many, "--rate", "50", GET, `answer ${LONG}`, "wait 100"]);
    expect(run.connections).toHaveLength(23);
    const times = run.connections.map(({ monotonicUs: begin, ms }) => {
      return { from: Number(begin), to: Number(begin) + Number(ms) * 1000 };
    });
    const openAt = (us: number): number => times.filter(({ from, to: end }) => from <= us && us < end).length;
    const most = Math.max(...times.map(({ from }) => openAt(from)));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(5);
    const begins = times.map(({ from }) => from).toSorted((a, b) => a - b);
    for (const [index, begin] of begins.entries()) {
      expect(begin - startUs).toBeGreaterThanOrEqual(index * 20_000);
    }
  });

  test("a failed one does not keep the others waiting", async () => {
    const { to } = await rawServer((peer, data) => {
      if (data.includes("1")) peer.resetAndDestroy();
      else peer.write("x");
    });
    const run = await play(to, ["--connections", "3", "send {n}", `some ${LONG}`, "together 3"]);
    const outcomes = run.connections.toSorted((a, b) => Number(a["connection"]) - Number(b["connection"]));
    expect(outcomes.map(({ outcome, step }) => [outcome, step])).toEqual([
      ["ECONNRESET", "some"],
      ["ok", null],
      ["ok", null],
    ]);
  });
});
