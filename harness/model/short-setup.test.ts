import { describe, expect, test } from "vitest";
import type { Setup } from "./setup.ts";
import { EVERY_MS, setupOf, type ShortSetup } from "./short-setup.ts";

const phases: ShortSetup["phases"] = { load: { exited: ["load"] }, drain: { elapsedMs: 300 } };

describe("a short setup", () => {
  test("has two hosts and a veth pair; servers run on the host server, clients on the host client", () => {
    const setup = setupOf({
      sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
      servers: { server: "close-wait-leak/buggy --port 8080" },
      clients: { load: { run: ["clients/calls", "connect {server}:8080", "close"], withinMs: 15_000 } },
      phases,
    });
    expect(setup).toEqual({
      hosts: {
        client: { sysctls: { "net.ipv4.tcp_tw_reuse": "0" } },
        server: { sysctls: { "net.ipv4.tcp_tw_reuse": "0" } },
      },
      links: [{ kind: "direct", between: ["client", "server"] }],
      programs: {
        server: {
          host: "server",
          role: "server",
          run: ["close-wait-leak/buggy", "--port", "8080"],
          limits: {},
          withinMs: 10_000,
        },
        load: {
          host: "client",
          role: "client",
          run: ["clients/calls", "connect {server}:8080", "close"],
          limits: {},
          withinMs: 15_000,
        },
      },
      phases: [
        { name: "load", until: { exited: ["load"] }, withinMs: 15_000 },
        { name: "drain", until: { elapsedMs: 300 } },
      ],
      interventions: [],
      observers: {
        sockets: { everyMs: EVERY_MS.sockets },
        listeners: { everyMs: EVERY_MS.listeners },
        counters: { everyMs: EVERY_MS.counters },
        processes: { everyMs: EVERY_MS.processes },
      },
    });
  });

  test("has the hosts that links name; a host's own sysctls override those of all hosts", () => {
    const { hosts } = setupOf({
      sysctls: { "net.ipv4.tcp_tw_reuse": "0", "net.ipv4.tcp_fin_timeout": "2" },
      hosts: { router: { "net.ipv4.ip_forward": "1", "net.ipv4.tcp_fin_timeout": "60" } },
      links: [
        { kind: "direct", between: ["client", "router"] },
        { kind: "wire", between: ["router", "server"] },
      ],
      phases,
    });
    const everybody = { "net.ipv4.tcp_tw_reuse": "0", "net.ipv4.tcp_fin_timeout": "2" };
    expect(hosts).toEqual({
      client: { sysctls: everybody },
      router: { sysctls: { ...everybody, "net.ipv4.ip_forward": "1", "net.ipv4.tcp_fin_timeout": "60" } },
      server: { sysctls: everybody },
    });
  });

  test("has wires that do only what is written, each with its own seed", () => {
    const { links } = setupOf({
      links: [
        { kind: "wire", delayMs: 50 },
        { kind: "wire", between: ["a", "b"], loss: 0.1, delayMs: [1, 2] },
      ],
      phases,
    });
    const plain = { kind: "wire", bitsPerSecond: null, rules: [] };
    expect(links).toEqual([
      { ...plain, between: ["client", "server"], delayMs: [50, 50], loss: 0, seed: 1 },
      { ...plain, between: ["a", "b"], delayMs: [1, 2], loss: 0.1, seed: 2 },
    ]);
  });

  test("waits for programs up to the longest of their bounds, and 20 s for other conditions", () => {
    const setup = setupOf({
      clients: {
        fast: { run: "a", withinMs: 5000 },
        slow: { run: "b", withinMs: 30_000 },
        other: { run: "c", withinMs: 90_000 },
      },
      phases: {
        load: { exited: ["fast", "slow"] },
        drain: { sockets: { host: "client" }, atMost: 0 },
        end: { until: { any: [] }, withinMs: 7 },
      },
    });
    expect(setup.phases.map(({ withinMs }) => withinMs)).toEqual([30_000, 20_000, 7]);
    // A list, as recordings have it, means the same.
    expect(setupOf({ phases: setup.phases }).phases).toEqual(setup.phases);
    const nested = setupOf({
      clients: {
        fast: { run: "a", withinMs: 10_000 },
        slow: { run: "b", withinMs: 30_000 },
        other: { run: "c", withinMs: 90_000 },
      },
      phases: {
        load: { all: [{ ready: ["other"] }, { any: [{ exited: ["fast"] }] }] },
        drain: { heldForMs: 5, condition: { exited: ["slow"] } },
      },
    });
    expect(nested.phases.map(({ withinMs }) => withinMs)).toEqual([90_000, 30_000]);
  });

  test("has only the observers that everyMs names, with tcp_info only for sockets", () => {
    expect(setupOf({ everyMs: { sockets: 20 }, tcpInfo: true, phases }).observers).toEqual({
      sockets: { everyMs: 20, tcpInfo: true },
    });
    expect(setupOf({ everyMs: { counters: 20 }, tcpInfo: true, phases }).observers).toEqual({
      counters: { everyMs: 20 },
    });
  });

  test("can run a server on another host, with its own limit of open files", () => {
    const { programs } = setupOf({
      servers: { other: { run: " a  --port 1 ", host: "client", nofile: 71, listens: 1 } },
      phases,
    });
    expect(programs["other"]).toMatchObject({
      host: "client",
      role: "server",
      run: ["a", "--port", "1"],
      listens: 1,
      limits: { nofile: 71 },
    });
  });
});

test("a key that it does not know is refused, because it would be lost", () => {
  const setup =
    (more: object): (() => Setup) =>
    () =>
      setupOf({ phases, ...more });
  expect(setup({ sysctl: {} })).toThrow(
    /^setupOf has the unknown key "sysctl"; its keys are sysctls, hosts,/,
  );
  expect(setup({ servers: { server: { run: "./a.ts", nofiles: 3 } } })).toThrow(
    /^a server of setupOf has the unknown key "nofiles"; its keys are run, host, withinMs, nofile, listens, when$/,
  );
  expect(setup({ clients: { load: { run: "./a.ts", withinMS: 1 } } })).toThrow(/^a client of setupOf has/);
});

test.each<[unknown, string]>([
  [undefined, "setupOf takes an object, and this is undefined"],
  [{}, "phases of setupOf takes an object, and this is undefined"],
  [
    { phases: [], servers: { server: { host: "server" } } },
    'a server of setupOf has in "run" its command line, and this is undefined',
  ],
  [{ phases: [], clients: { load: 7 } }, "a client of setupOf takes an object, and this is 7"],
])("setupOf(%j) is refused with a sentence", (short, sentence) => {
  expect(() => setupOf(short as ShortSetup)).toThrow(
    expect.objectContaining({ name: "ArgumentError", message: sentence }),
  );
});
