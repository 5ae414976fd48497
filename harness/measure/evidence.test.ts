import { describe, expect, test } from "vitest";
import {
  at,
  attemptAt,
  countersAt,
  group,
  handMade,
  listenerAt,
  processesAt,
  socketsAt,
} from "../recording/hand-made.fixture.ts";
import { attempts, connectionsMade, latencies, outcomeCounts, programsWithAttempts } from "./attempts.ts";
import { counterDelta, counterSeries, countersMoved } from "./counters.ts";
import { hosts, localPorts, samplesOf, sysctl } from "./evidence.ts";
import { fullestQueue, queueSeries } from "./listeners.ts";
import { reported } from "./reports.ts";
import { view } from "./view.ts";

const failure = { phase: "connect" as const, code: "EADDRNOTAVAIL", call: "connect" };
const recording = handMade([
  socketsAt(at(10), "client", [group("TIME-WAIT", "connector", 23)]),
  socketsAt(at(10), "server", []),
  listenerAt(at(10), "server", 1, 4),
  listenerAt(at(20), "server", 5, 4),
  listenerAt(at(30), "server", 2, 4),
  countersAt(at(10), "client", { TcpActiveOpens: 20 }),
  countersAt(at(20, "drain"), "client", { TcpActiveOpens: 23, TcpExtTW: 0 }),
  countersAt(at(20, "drain"), "server", { TcpPassiveOpens: 23 }),
  processesAt(at(20), "server", [{ pid: 31 }]),
  attemptAt(at(1), 1, { connectMs: 5 }),
  attemptAt(at(2), 2, { connection: 1, connectMs: null }),
  attemptAt(at(3), 3, { connection: 2, connectMs: null, totalMs: null, outcome: failure }),
  attemptAt(at(4, "drain"), 1, {
    program: "other",
    outcome: { ...failure, phase: "response", code: "timeout" },
  }),
  { ...at(5), kind: "report", program: "server", report: { kind: "service", serviceMs: 0.4 } },
  { ...at(6), kind: "report", program: "server", report: { kind: "gc", serviceMs: 9, note: "x" } },
]);

describe("a view", () => {
  test("has what one host could see and nothing else", () => {
    const { samples, ...rest } = view(recording, "server");
    expect(rest).toEqual({ host: "server", sysctls: {} });
    expect(samples.map((sample) => sample.kind)).toEqual([
      "sockets",
      "listeners",
      "listeners",
      "listeners",
      "counters",
      "processes",
    ]);
    expect(samples.every((sample) => sample.host === "server")).toBe(true);
  });

  test("answers only for its own host", () => {
    const client = view(recording, "client");
    expect(hosts(client)).toEqual(["client"]);
    expect(hosts(recording)).toEqual(["client", "server"]);
    expect(counterDelta(client, { counter: "TcpActiveOpens" })).toBe(23);
    expect(counterDelta(client, { host: "server", counter: "TcpPassiveOpens" })).toBeNull();
    expect(samplesOf(client, "sockets", "server")).toEqual([]);
    expect(localPorts(client)).toBe(47);
    expect(sysctl(client, "net.ipv4.tcp_tw_reuse")).toBeNull();
    expect(localPorts(recording, "client")).toBe(47);
    expect(localPorts(recording, "server")).toBeNull();
  });
});

describe("a counter", () => {
  test("that was read and is not listed did not move; one that was not read is unknown", () => {
    expect(counterDelta(recording, { host: "server", counter: "TcpExtListenOverflows" })).toBe(0);
    expect(counterDelta(recording, { host: "router", counter: "TcpExtListenOverflows" })).toBeNull();
    expect(counterDelta(handMade([]), { counter: "TcpExtListenOverflows" })).toBeNull();
  });

  test("has a series, and a sum over several hosts", () => {
    const course = counterSeries(recording, { host: "client", counter: "TcpActiveOpens" });
    expect(course.points.map((point) => point.value)).toEqual([20, 23]);
    expect(counterDelta(recording, { counter: "TcpActiveOpens" })).toBe(23);
  });

  test("that ended where it began did not move", () => {
    expect(countersMoved(recording, "client")).toEqual({ TcpActiveOpens: 23 });
    expect(countersMoved(recording, "router")).toBeNull();
  });
});

describe("the accept queue", () => {
  test("is fullest where it is furthest over its backlog", () => {
    expect(fullestQueue(recording)).toEqual({
      atUs: 20_000,
      host: "server",
      port: 8080,
      queue: 5,
      backlog: 4,
    });
    expect(fullestQueue(recording, { port: 9090 })).toBeNull();
    expect(queueSeries(recording, { port: 8080 }).peak?.value).toBe(5);
  });
});

describe("attempts", () => {
  test("are chosen by program and phase", () => {
    expect(attempts(recording)).toHaveLength(4);
    expect(attempts(recording, { program: "load", phase: "load" })).toHaveLength(3);
    expect(attempts(recording, { program: "none" })).toEqual([]);
    expect(programsWithAttempts(recording)).toEqual(["load", "other"]);
  });

  test("are counted by how they ended, the most frequent first", () => {
    expect([...outcomeCounts(recording)]).toEqual([
      ["ok", 2],
      ["connect EADDRNOTAVAIL", 1],
      ["response timeout", 1],
    ]);
  });

  test("have times only up to where they failed", () => {
    expect(latencies(recording, { program: "load" }, "connectMs")).toEqual([5]);
    expect(latencies(recording, {}, "totalMs")).toEqual([3, 3, 3]);
  });

  test("share connections, and one that failed to connect made none", () => {
    expect(connectionsMade(recording, { program: "load" })).toBe(1);
    expect(connectionsMade(recording)).toBe(2);
  });

  test("that never began are counted as that, and made no connection", () => {
    const late = handMade([attemptAt(at(1), 1), attemptAt(at(2), 2, { outcome: "never begun" })]);
    expect([...outcomeCounts(late)]).toEqual([
      ["ok", 1],
      ["never begun", 1],
    ]);
    expect(connectionsMade(late)).toBe(1);
  });
});

test("numbers that programs report of themselves are selected by kind", () => {
  expect(reported(recording, { kind: "service" }, "serviceMs")).toEqual([0.4]);
  expect(reported(recording, { program: "server" }, "serviceMs")).toEqual([0.4, 9]);
  expect(reported(recording, {}, "note")).toEqual([]);
});
