import { expect, test } from "vitest";
import type { Sample } from "../model/sample.ts";
import {
  at,
  countersAt,
  group,
  handMade,
  plainHeader,
  processesAt,
  socketsAt,
} from "../recording/hand-made.fixture.ts";
import { toldAt } from "./hand-made.fixture.ts";
import { noTurn, turnOf, windowOf } from "./turn.ts";

const SERVER = { program: "server", port: 8080 };
const HOST = "client-short";
const sysctls = { [HOST]: { "net.ipv4.ip_local_port_range": "32768\t60999" } };

/** The server's processor time, in milliseconds, at some moments. */
const server = (...looks: [ms: number, cpuMs: number][]): Sample[] =>
  looks.map(([ms, cpuMs]) => processesAt(at(ms), "server", [{ pid: 7, program: "server", cpuMs }]));

const recording = (changes: Parameters<typeof toldAt>[3] = {}, more: Sample[] = []) =>
  handMade(
    [
      ...server([1500, 300], [1700, 310], [1900, 410], [2050, 485], [2300, 490]),
      ...toldAt(2100, HOST, 400, changes),
      countersAt(at(2400), HOST, { TcpOutSegs: 2400, TcpInSegs: 1600 }),
      socketsAt(at(2400), HOST, [group("TIME-WAIT", "connector", 397), group("ESTABLISHED", "connector", 3)]),
      socketsAt(at(2400), "server", [group("ESTABLISHED", "listener", 3)]),
      ...more,
    ],
    plainHeader({ sysctls }),
  );

test("an arm's figures are read from its recording", () => {
  expect(windowOf(recording(), HOST)).toEqual({ fromUs: 1_700_000, toUs: 2_100_000 });
  expect(turnOf(recording(), 1, SERVER)).toEqual({
    requests: 400,
    perSecond: 1000,
    segments: 10,
    connectionsEach: 1,
    connectionsPerSecond: 1000,
    connectMs: { p50: 0.2, p99: 0.9 },
    firstByteMs: { p50: 0.2, p99: 0.9 },
    totalMs: { p50: 0.2, p99: 0.9 },
    // 175 ms of processor time in the 350 ms between the first look in the window and the last.
    serverCores: 0.5,
    busy: null,
    serverCpuUs: 500,
    clientCores: 0.05,
    clientCpuUs: 50,
    timeWait: { client: 397, server: 0 },
    closedAfter: null,
    ports: { most: 400, taken: 400, range: 28_232, keptS: 60, slow: false },
    errors: {},
  });
});

test("the warm-up is part of what is counted, but not of the times", () => {
  const warmUp = { outcomes: { ok: 100, "connect EADDRNOTAVAIL": 3 }, connections: 100 };
  const turn = turnOf(recording({ warmUp }), 1, SERVER);
  expect(turn).toMatchObject({ requests: 400, perSecond: 1000, segments: 8, connectionsEach: 1 });
  expect(turn?.errors).toEqual({ "connect EADDRNOTAVAIL": 3 });
});

test("with half of the ports in use, connect() was slow: nothing frees a port in the lab", () => {
  const at2 = (count: number): Sample => socketsAt(at(2450), HOST, [group("TIME-WAIT", "connector", count)]);
  expect(turnOf(recording({}, [at2(14_115)]), 1, SERVER)?.ports).toMatchObject({
    taken: 14_115,
    slow: false,
  });
  expect(turnOf(recording({}, [at2(14_116)]), 1, SERVER)?.ports).toMatchObject({ taken: 14_116, slow: true });
});

test("a shared server has the TIME-WAIT of all arms: an arm's own are those that the server closed", () => {
  const more = [socketsAt(at(2500), "server", [group("TIME-WAIT", "listener", 900)])];
  const endedBy = { clientFin: 300, serverFin: 100, reset: 0 };
  expect(turnOf(recording({ endedBy }, more), 1, SERVER)?.timeWait).toEqual({ client: 397, server: 100 });
  expect(turnOf(recording({}, more), 1, SERVER)?.timeWait).toEqual({ client: 397, server: null });
});

test("a server that was observed too rarely has no processor time", () => {
  const { header, samples } = recording();
  const rare = samples.filter((sample) => sample.kind !== "processes" || sample.atUs >= 2_000_000);
  expect(turnOf({ header, samples: rare, cutOff: null, sealed: true }, 1, SERVER)).toMatchObject({
    serverCores: null,
    serverCpuUs: null,
    perSecond: 1000,
  });
});

test("an arm has no figures if its client reported no end or received no answer", () => {
  expect(turnOf(recording(), 5, SERVER)).toBeNull();
  expect(turnOf(recording({ outcomes: { "connect ECONNREFUSED": 400 }, okInTime: 0 }), 1, SERVER)).toBeNull();
  const late = recording({ okInTime: 0 });
  expect(turnOf(late, 1, SERVER)).toBeNull();
  expect(noTurn(late, 1)).toMatch(/^no answer came to .* within its turn$/);
});
