import { afterAll, describe, expect, test } from "vitest";
import type { PeerPlan, PeerStep } from "../model/peer.ts";
import type { Recording } from "../model/recording.ts";
import type { PacketSample, SocketGroup } from "../model/sample.ts";
import type { Condition } from "../model/setup.ts";
import type { TcpFlag } from "../model/segment.ts";
import { mark } from "../model/shorthand.ts";
import { setupOf } from "../model/short-setup.ts";
import { LabTrials } from "../trial/lab-trial.fixture.ts";
import { whyUnsound } from "../verdict/unsound.ts";

const trials = new LabTrials();
afterAll(() => trials.close());

interface Plan {
  peer: PeerPlan;
  /** The program at the kernel's end, and its arguments. */
  program?: string;
  args: string[];
  forMs: number;
  /** Interventions that do nothing: their names, and their conditions. */
  marks?: Record<string, Condition>;
}

interface Seen {
  recording: Recording;
  packets: PacketSample[];
  /** The results of the program's calls: `recv 97`. */
  calls: string[];
  /** The most matching sockets in one look at the kernel's end. */
  most: (isMeant: (group: SocketGroup) => boolean) => number;
}

/** Runs a trial with a program at one end of a wire and a peer at the other. */
async function run({ peer, program = "clients/calls", args, forMs, marks = {} }: Plan): Promise<Seen> {
  const role = peer.host === "server" ? "client" : "server";
  const kernel = { run: [program, ...args] as const, withinMs: 8000 };
  const { recording, packets, of } = await trials.run(
    setupOf({
      links: [{ kind: "wire", peer }],
      [`${role}s` as const]: { kernel },
      phases: { load: { elapsedMs: forMs } },
      interventions: Object.entries(marks).map(([name, when]) => mark(name, when)),
      everyMs: { sockets: 20 },
    }),
  );
  const looks = of("sockets").filter(({ host }) => host === role);
  const most: Seen["most"] = (isMeant) =>
    Math.max(...looks.map(({ groups }) => groups.filter(isMeant).reduce((sum, { count }) => sum + count, 0)));
  const calls = of("report").map(({ report: { call, result } }) => `${String(call)} ${String(result)}`);
  return { recording, packets, calls, most };
}

function inShort({ from, flags, sequence, payloadBytes, acknowledgement }: PacketSample): string {
  const ack = acknowledgement === null ? "" : ` ack ${acknowledgement}`;
  return `${from} ${flags.join("-")} ${sequence}+${payloadBytes}${ack}`;
}

const windowBytes = 10_000;
const withinMs = 5000;
const say = (flags: TcpFlag[], payloadBytes = 0): PeerStep => ({
  send: { flags, windowBytes, payloadBytes },
});
const awaits = (...flags: TcpFlag[]): PeerStep => ({ await: { flags }, withinMs });

/** A peer that calls, and its first steps; `ready` marks when the server is ready. */
const caller = { host: "client", connections: 1, port: 40_001, to: 8080 };
const calling = [{ after: "ready" }, say(["SYN"]), awaits("SYN", "ACK")];
const ready = { ready: { elapsedMs: 0 } };
const called = { host: "server", connections: 1, port: 8080 };

describe("a peer without a kernel", () => {
  test("that never acknowledges leaves its connections in SYN-RECEIVED", async () => {
    const connections = 11;
    const { recording, packets, most } = await run({
      peer: { ...caller, connections, steps: [...calling, awaits("SYN", "ACK")] },
      args: ["listen 8080 64", "stay"],
      marks: ready,
      // The kernel sends the second SYN-ACK 1 s after the first, and the third 2 s later.
      forMs: 2000,
    });
    expect(whyUnsound(recording)).toEqual([]);
    expect(most(({ state }) => state === "SYN-RECEIVED")).toBe(connections);
    expect(most(({ state }) => state === "ESTABLISHED")).toBe(0);
    const answers = packets.filter(({ from }) => from === "server");
    expect(new Set(answers.map(({ flags }) => flags.join("-")))).toEqual(new Set(["SYN-ACK"]));
    expect(answers.map(({ toPort }) => toPort).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 2 * connections }, (_, n) => 40_001 + Math.floor(n / 2)),
    );
  });

  test.each([
    ["answers a number below the last one with an ACK", -1000, "server ACK 6+0 ack 4"],
    ["begins a new connection for a number above the last one", 1000, "server SYN-ACK 0+0 ack 1"],
  ])("sends a SYN to a socket in TIME-WAIT, which %s", async (_, sequence, answer) => {
    const { recording, packets, most } = await run({
      peer: {
        ...caller,
        steps: [
          ...calling,
          say(["PSH", "ACK"], 2),
          awaits("FIN"),
          say(["FIN", "ACK"]),
          awaits("ACK"),
          { after: "waiting" },
          { send: { flags: ["SYN"], windowBytes, sequence } },
          awaits("ACK"),
        ],
      },
      args: ["listen 8080 64", "accept", "recv 2", "send 4", "close", "stay"],
      marks: { ...ready, waiting: { sockets: { host: "server", state: "TIME-WAIT" }, atLeast: 1 } },
      forMs: 2500,
    });
    expect(whyUnsound(recording)).toEqual([]);
    expect(most(({ state }) => state === "TIME-WAIT")).toBe(1);
    const syn = packets.findLastIndex(({ from, flags }) => from === "client" && flags.includes("SYN"));
    expect(inShort(packets[syn + 1]!)).toBe(answer);
  });

  test("whose window stays zero leaves the sender with its persist timer", async () => {
    const { recording, packets, most } = await run({
      peer: {
        ...called,
        steps: [
          awaits("SYN"),
          { send: { flags: ["SYN", "ACK"], windowBytes: 50 } },
          { answer: { windowBytes: 0 } },
          { await: { payload: "some" }, withinMs },
        ],
      },
      args: ["connect {server}:8080", "send 97", "close", "stay"],
      forMs: 2500,
    });
    expect(whyUnsound(recording)).toEqual([]);
    expect(most(({ state, timer }) => state === "FIN-WAIT-1" && timer === "persist")).toBe(1);
    const sent = packets.filter(({ from }) => from === "client");
    expect(sent.reduce((sum, { payloadBytes }) => sum + payloadBytes, 0)).toBe(50);
    expect(sent.some(({ flags }) => flags.includes("FIN"))).toBe(false);
    // A probe has a sequence number that was already acknowledged, and is answered. The last answer can come after the trial's end.
    const probes = [...packets.keys()].filter((n) => inShort(packets[n]!) === "client ACK 50+0 ack 1");
    expect(probes.length).toBeGreaterThanOrEqual(2);
    for (const n of probes.slice(0, -1)) {
      expect(packets[n + 1]).toMatchObject({ from: "server", windowBytes: 0, acknowledgement: 51 });
    }
  });

  test.each([
    [4, "clients/calls", ["listen 8080 64", "accept", "recv 97", "send 97", "recv end", "close", "stay"]],
    [6, "./echo.mjs", []],
  ] as const)("holds a whole conversation with a kernel, IPv%d", async (family, program, args) => {
    const { recording, packets, calls } = await run({
      peer: {
        ...caller,
        family,
        steps: [
          ...calling,
          say(["ACK"]),
          say(["PSH", "ACK"], 97),
          awaits("PSH"),
          say(["FIN", "ACK"]),
          awaits("FIN"),
          say(["ACK"]),
        ],
      },
      program,
      args: [...args],
      marks: ready,
      forMs: 2000,
    });
    expect(whyUnsound(recording)).toEqual([]);
    if (family === 4) expect(calls.slice(2)).toEqual(["recv 97", "send 97", "recv 0", "close 0"]);
    // Whether the kernel sends a separate ACK depends on how soon its program answers.
    const isAck = ({ from, flags }: PacketSample): boolean => from === "server" && flags.join() === "ACK";
    expect(packets.filter((packet) => !isAck(packet)).map(inShort)).toEqual([
      "client SYN 0+0",
      "server SYN-ACK 0+0 ack 1",
      "client ACK 1+0 ack 1",
      "client PSH-ACK 1+97 ack 1",
      "server PSH-ACK 1+97 ack 98",
      "client FIN-ACK 98+0 ack 98",
      "server FIN-ACK 98+0 ack 99",
      "client ACK 99+0 ack 99",
    ]);
    expect(new Set(packets.map(({ fate }) => fate))).toEqual(new Set(["passed"]));
  });

  test("whose script does not reach its end is reported", async () => {
    const { recording } = await run({
      peer: {
        ...called,
        connections: 2,
        steps: [{ await: { flags: ["SYN"] }, withinMs: 3000 }, { waitMs: 60_000 }],
      },
      args: ["connect {server}:8080", "stay"],
      forMs: 4000,
    });
    const whose = "the script of the peer on wire 0 did not come to its end";
    expect(whyUnsound(recording)).toEqual([
      `${whose} (connection 1): it was still at steps[1] when the trial ended`,
      `${whose} (connection 2): steps[0] awaits SYN, and none came within 3000 ms`,
    ]);
  });
});
