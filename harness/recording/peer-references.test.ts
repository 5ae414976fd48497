import { describe, expect, test } from "vitest";
import type { PeerOptions, PeerPlan, PeerStep } from "../model/peer.ts";
import type { InterventionPlan, Setup } from "../model/setup.ts";
import { plainSetup, plainWire } from "./hand-made.fixture.ts";
import { problems } from "./problems.fixture.ts";
import { validateSetup } from "./schema.ts";

const go: InterventionPlan = { name: "go", phase: "load", when: { elapsedMs: 5 }, do: { nothing: true } };
const syn: PeerStep = { send: { flags: ["SYN"], windowBytes: 1000 } };
const called: PeerPlan = { host: "server", connections: 2, port: 8080, steps: [] };

function withPeer(peer: object, intervention = go): Setup {
  const plan: PeerPlan = { ...called, to: 80, steps: [syn], ...peer };
  return plainSetup({ links: [plainWire({ peer: plan })], interventions: [intervention] });
}

const sending = (options: PeerOptions): Setup =>
  withPeer({ steps: [{ send: { flags: [], windowBytes: 0, options } }] });

describe("a setup with a peer", () => {
  const steps: PeerStep[] = [
    { after: "go" },
    { await: { flags: ["SYN"], without: ["ACK"], payload: "none" }, withinMs: 500 },
    {
      send: {
        flags: ["SYN", "ACK"],
        sequence: -5,
        acknowledgement: "next",
        windowBytes: 100_000,
        payloadBytes: 97,
        options: { windowScale: 3, timestamps: { value: 1, echo: "latest" }, fastOpenCookie: "" },
      },
    },
    { waitMs: 0.5 },
    { answer: { windowBytes: 0 } },
    { answer: null },
  ];
  const { host, connections, port } = called;

  test.each([
    { host, connections, port, steps },
    { host, connections, port: 65_534, to: 80, family: 6 as const, steps: [syn] },
  ])("is accepted unchanged", (peer) => {
    const setup = plainSetup({ links: [{ ...wireOf(withPeer({})), peer }], interventions: [go] });
    expect(validateSetup(setup)).toEqual(setup);
  });

  test.each<[string, unknown]>([
    [
      'links[0].peer.host: there is no host on this link "router". There are client, server.',
      withPeer({ host: "router" }),
    ],
    [
      'links[0].peer.host: the intervention "again" reboots "server", but a host with a script has no stack to restart',
      withPeer({}, { ...go, name: "again", do: { host: "server", become: "rebooted" } }),
    ],
    [
      'links[0].peer.steps[1].after: there is no intervention "gone". There are go.',
      withPeer({ steps: [syn, { after: "gone" }] }),
    ],
    [
      "links[0].peer.port: 2 connections from port 65535 on need ports beyond 65535",
      withPeer({ port: 65_535 }),
    ],
    [
      'links[0].peer.steps[1]: a peer without "to" must await a segment before it sends one',
      plainSetup({
        links: [{ ...wireOf(withPeer({})), peer: { ...called, steps: [{ waitMs: 5 }, syn] } }],
      }),
    ],
    [
      'links[0].peer.family: only a peer with "to" has this key; a peer that is called answers in the caller\'s family',
      plainSetup({
        links: [{ ...wireOf(withPeer({})), peer: { ...called, family: 6, steps: [{ waitMs: 5 }] } }],
      }),
    ],
    [
      "links[0].peer.steps[0].send.options: these options take 42 bytes, but a TCP header has room for 40",
      sending({
        mssBytes: 1,
        windowScale: 1,
        sackPermitted: true,
        fastOpenCookie: "00".repeat(13),
        sack: [
          [1, 2],
          [3, 4],
        ],
      }),
    ],
    [
      "links[0].peer.steps[0].send.options.fastOpenCookie: expected 4 to 16 bytes in hexadecimal, or an empty string",
      sending({ fastOpenCookie: "0102" }),
    ],
    ["links[0].peer.steps: expected at least 1 in the list", withPeer({ steps: [] })],
    ["links[0].peer.connections: expected at least 1", withPeer({ connections: 0 })],
    ["links[0].peer.port: expected at most 65535", withPeer({ port: 65_536 })],
    [
      "links[0].peer.steps[0]: expected { send }, { await, withinMs }, { after }, { waitMs } or { answer }",
      withPeer({ steps: [{ sleep: 5 }] }),
    ],
    [
      'links[0].peer.steps[0].send.flags[0]: expected "FIN" or "SYN" or "RST" or "PSH" or "ACK" or "URG" or "ECE" or "CWR"',
      withPeer({ steps: [{ send: { flags: ["SIN"], windowBytes: 0 } }] }),
    ],
    [
      'links[0].peer.steps[0].send.sequence: expected "next" or a whole number of at most 32 bits',
      withPeer({ steps: [{ send: { flags: [], windowBytes: 0, sequence: "last" } }] }),
    ],
    [
      "links[0].peer.steps[0].send.payloadBytes: expected at most 1400",
      withPeer({ steps: [{ send: { flags: [], windowBytes: 0, payloadBytes: 1401 } }] }),
    ],
  ])("is refused: %s", (problem, setup) => {
    expect(problems(setup).map((one) => one.replace(/, but it is .*/, ""))).toEqual([problem]);
  });
});

function wireOf(setup: Setup): Extract<Setup["links"][number], { kind: "wire" }> {
  const [link] = setup.links;
  if (link?.kind !== "wire") throw new Error("the first link is not a wire");
  return link;
}
