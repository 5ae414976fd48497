import { describe, expect, test } from "vitest";
import type { Condition, Setup } from "../model/setup.ts";
import { plainSetup } from "./hand-made.fixture.ts";
import { problems } from "./problems.fixture.ts";
import { SetupError, validateSetup } from "./schema.ts";

/** A setup with one property replaced by any value. */
function setupWith(property: keyof Setup, value: unknown): unknown {
  return { ...plainSetup(), [property]: value };
}

function phaseUntil(until: object): unknown {
  const bound = "elapsedMs" in until ? {} : { withinMs: 1000 };
  return setupWith("phases", [{ name: "load", until, ...bound }]);
}

const conditions: Condition[] = [
  { elapsedMs: 0 },
  { exited: ["load", "server"] },
  { sockets: { host: "server", state: "CLOSE-WAIT", side: "listener", port: 8080 }, atLeast: 97 },
  { sockets: { host: "client", state: ["TIME-WAIT", "FIN-WAIT-2"] }, atMost: 0 },
  { counter: "TcpExtListenOverflows", host: "server", atLeast: 1 },
  { heldForMs: 100, condition: { all: [{ elapsedMs: 5 }, { any: [{ exited: ["load"] }] }] } },
];

describe("a setup", () => {
  test("that is valid is returned unchanged", () => {
    expect(validateSetup(plainSetup())).toEqual(plainSetup());
  });

  test.each(conditions.map((until) => [JSON.stringify(until), until]))("can wait for %s", (_, until) => {
    expect(problems(phaseUntil(until))).toEqual([]);
  });

  test("can have interventions", () => {
    const when = { elapsedMs: 10 };
    const interventions = [
      { name: "stop", phase: "load", when, do: { signal: "SIGSTOP", program: "server" } },
      { name: "all", phase: "load", when, do: { signal: "SIGSTOP", program: "server", group: true } },
      { name: "Ctrl+C", phase: "load", when, do: { signal: "SIGINT", program: "load" } },
      { name: "again", phase: "drain", when, do: { restart: "server" } },
      {
        name: "less room",
        phase: "load",
        when,
        do: { sysctl: "net.core.somaxconn", value: "97", on: "server" },
      },
    ];
    expect(problems(setupWith("interventions", interventions))).toEqual([]);
  });

  test.each<[string, unknown]>([
    ["expected an object, but it is null", null],
    ['has the unknown key "sysctls"', { ...plainSetup(), sysctls: {} }],
    ["observers: is missing; expected an object", setupWith("observers", undefined)],
    [
      'hosts.server.sysctls["net.ipv4.tcp_tw_reuse"]: expected a string, but it is 1',
      setupWith("hosts", { client: { sysctls: {} }, server: { sysctls: { "net.ipv4.tcp_tw_reuse": 1 } } }),
    ],
    [
      'links[0].kind: expected "direct" or "wire" or "loopback", but it is "rope"',
      setupWith("links", [{ kind: "rope" }]),
    ],
    [
      "observers.sockets.everyMs: expected more than 0, but it is 0",
      setupWith("observers", { sockets: { everyMs: 0 }, counters: { everyMs: 1 } }),
    ],
    [
      "phases[0].withinMs: expected more than 0, but it is -1",
      setupWith("phases", [{ name: "load", until: { exited: ["load"] }, withinMs: -1 }]),
    ],
    [
      'phases[0].name: expected "load" or "drain" or "end", but it is "loading"',
      setupWith("phases", [{ name: "loading", until: { elapsedMs: 1 } }]),
    ],
    [
      'phases[0].until.sockets.state: expected a TCP state, or a list of them, but it is "TIMEWAIT". Did you mean TIME-WAIT?',
      phaseUntil({ sockets: { host: "server", state: "TIMEWAIT" }, atLeast: 1 }),
    ],
    [
      'phases[0].until: has the unknown key "atleast": Did you mean atLeast?',
      phaseUntil({ sockets: { host: "server" }, atleast: 1 }),
    ],
    [
      "phases[0].until: expected a condition: an object with one of elapsedMs, exited, ready, sockets, counter, heldForMs, all, any, but it is {}",
      phaseUntil({}),
    ],
    [
      'phases[0].until.all[0].condition.elapsedMs: expected a number, but it is "5"',
      phaseUntil({ all: [{ heldForMs: 1, condition: { elapsedMs: "5" } }] }),
    ],
    ["phases[0].until.any: expected at least 1 in the list, but it is []", phaseUntil({ any: [] })],
  ])("is refused: %s", (problem, value) => {
    expect(problems(value)).toEqual([problem]);
  });

  test.each<[string, unknown]>([
    [
      'hosts: "client" is missing; every setup has "client" and "server"',
      {
        ...plainSetup({
          programs: {},
          links: [],
          phases: [{ name: "end", until: { elapsedMs: 1 } }],
        }),
        hosts: { server: { sysctls: {} } },
      },
    ],
    [
      "hosts: there are 9, and at most 8 are allowed",
      setupWith(
        "hosts",
        Object.fromEntries(
          ["client", "server", "a", "b", "c", "d", "e", "f", "g"].map((name) => [name, { sysctls: {} }]),
        ),
      ),
    ],
    [
      'links[0].between[1]: there is no host "router". There are client, server.',
      setupWith("links", [{ kind: "direct", between: ["client", "router"] }]),
    ],
    [
      'links[0].between: a direct link joins two hosts, and both are "client"',
      setupWith("links", [{ kind: "direct", between: ["client", "client"] }]),
    ],
    [
      'links[0].host: there is no host "router". There are client, server.',
      setupWith("links", [{ kind: "loopback", host: "router" }]),
    ],
    [
      "links: there are 13 links between hosts, and at most 12 are allowed",
      setupWith(
        "links",
        Array.from({ length: 13 }, () => plainSetup().links[0]),
      ),
    ],
    ["phases: there are none; a trial has at least one of load, drain, end", setupWith("phases", [])],
    [
      "phases: they are drain, load; each comes at most once, in the order load, drain, end",
      setupWith("phases", plainSetup().phases.toReversed()),
    ],
    [
      "phases: they are load, load; each comes at most once, in the order load, drain, end",
      setupWith("phases", [plainSetup().phases[0], plainSetup().phases[0]]),
    ],
    [
      "phases[0].withinMs: missing; only a phase that elapsedMs ends has no bound",
      setupWith("phases", [{ name: "load", until: { exited: ["load"] } }]),
    ],
    [
      "phases[0].withinMs: leave it out, because elapsedMs ends the phase",
      setupWith("phases", [{ name: "load", until: { elapsedMs: 1 }, withinMs: 1 }]),
    ],
    [
      "phases[0].withinMs: it is 500, and the phase's condition cannot hold before 700 ms are over",
      setupWith("phases", [
        {
          name: "load",
          until: {
            all: [
              { exited: ["load"] },
              { any: [{ elapsedMs: 900 }, { heldForMs: 300, condition: { elapsedMs: 400 } }] },
            ],
          },
          withinMs: 500,
        },
      ]),
    ],
    [
      'programs.load.when.exited[0]: there is no program "loaf". Did you mean load? There are server, load.',
      setupWith("programs", {
        ...plainSetup().programs,
        load: { ...plainSetup().programs["load"], when: { exited: ["loaf"] } },
      }),
    ],
    [
      "programs.server.when: only a client can have this key",
      setupWith("programs", {
        ...plainSetup().programs,
        server: { ...plainSetup().programs["server"], when: { elapsedMs: 1 } },
      }),
    ],
    [
      'phases[0].until.exited[0]: there is no program "loaf". Did you mean load? There are server, load.',
      phaseUntil({ exited: ["loaf"] }),
    ],
    [
      "phases[0].until: needs atLeast or atMost; without both it always holds",
      phaseUntil({ sockets: { host: "server" } }),
    ],
    [
      'phases[0].until.any[0].condition.sockets.host: there is no host "x". There are client, server.',
      phaseUntil({ any: [{ heldForMs: 1, condition: { sockets: { host: "x" }, atMost: 1 } }] }),
    ],
    [
      "phases[0].until: needs counters, but observers.counters is absent, so it can never hold",
      {
        ...plainSetup({
          observers: {},
          phases: [
            { name: "load", until: { counter: "TcpActiveOpens", host: "client", atLeast: 1 }, withinMs: 1 },
          ],
        }),
      },
    ],
    [
      'interventions[0].do.program: there is no program "x". There are server, load.',
      setupWith("interventions", [
        { name: "a", phase: "load", when: { elapsedMs: 1 }, do: { signal: "SIGTERM", program: "x" } },
      ]),
    ],
    [
      'interventions[0].do.on: there is no host "x". There are client, server.',
      setupWith("interventions", [
        { name: "a", phase: "load", when: { elapsedMs: 1 }, do: { sysctl: "y", value: "1", on: "x" } },
      ]),
    ],
    [
      'interventions[0].phase: there is no phase "end". There are load, drain.',
      setupWith("interventions", [
        { name: "a", phase: "end", when: { elapsedMs: 1 }, do: { restart: "server" } },
      ]),
    ],
  ])("with wrong references is refused: %s", (problem, value) => {
    expect(problems(value)).toEqual([problem]);
  });

  test("is refused with one line for each problem", () => {
    const programs = { load: { ...plainSetup().programs["load"], host: "clint" } };
    expect(() => validateSetup(setupWith("programs", programs), "the setup of mine/buggy")).toThrow(
      new SetupError("the setup of mine/buggy", [
        'programs.load.host: there is no host "clint". Did you mean client? There are client, server.',
      ]),
    );
    expect(new SetupError("the setup", ["a", "b"]).message).toBe("the setup cannot be run:\n  a\n  b");
  });
});
