import { afterAll, describe, expect, test } from "vitest";
import type { AttemptSample, PacketSample } from "../model/sample.ts";
import type { Condition, InterventionPlan } from "../model/setup.ts";
import { setupOf } from "../model/short-setup.ts";
import type { TcpState } from "../model/state.ts";
import type { WirePlan, WireRule } from "../model/wire.ts";
import { LabTrials, type LabTrial } from "../trial/lab-trial.fixture.ts";
import { whyUnsound } from "../verdict/unsound.ts";

const trials = new LabTrials();
afterAll(() => trials.close());

interface Plan {
  wire?: Partial<WirePlan>;
  interventions?: [name: string, when: Condition, action: InterventionPlan["do"]][];
  family?: 4 | 6;
  attempts?: number;
  /** When the client gives up an attempt. The default is long enough for a busy machine. */
  timeoutMs?: number;
}

const AT_ONCE: Condition = { elapsedMs: 0 };
/** Holds when a socket of the host has been in a state for a while: on a busy machine the program can be late. */
const inStateFor = (heldForMs: number, host: string, state: TcpState): Condition => ({
  heldForMs,
  condition: { sockets: { host, state }, atLeast: 1 },
});

/** Runs a trial of an echo server and a client over a wire, and reads its recording. */
async function run({
  wire = {},
  interventions = [],
  family = 4,
  attempts = 3,
  timeoutMs = 20_000,
}: Plan): Promise<LabTrial & { outcomes: AttemptSample["outcome"][] }> {
  const to = family === 4 ? "{server}:8080" : "[{server6}]:8080";
  // The client starts late enough for the interventions that are done at once.
  const delay = interventions.length === 0 ? "" : "--delay-ms 500";
  const bounds = `--timeout-ms ${timeoutMs} --within-ms 30000 ${delay}`;
  const trial = await trials.run(
    setupOf({
      links: [{ kind: "wire", ...wire }],
      servers: { echo: { run: "./echo.mjs", withinMs: 35_000 } },
      clients: {
        ask: {
          run: `clients/short-tcp --to ${to} --attempts ${attempts} --rate 0 --concurrency 1 --close client ${bounds}`,
          withinMs: 35_000,
        },
      },
      phases: {
        load: { until: { exited: ["ask"] }, withinMs: 40_000 },
        end: { until: { exited: ["echo"] }, withinMs: 5000 },
      },
      interventions: interventions.map(([name, when, action]) => ({
        name,
        phase: "load",
        when,
        do: action,
      })),
      everyMs: interventions.length === 0 ? {} : { sockets: 20 },
    }),
  );
  return { ...trial, outcomes: trial.of("attempt").map(({ outcome }) => outcome) };
}

const rule = (match: WireRule["match"], action: WireRule["do"]): Partial<WirePlan> => ({
  rules: [{ name: "it", match, do: action }],
});
const flagsOf = (packets: PacketSample[]): string[] => packets.map(({ flags }) => flags.join("-"));

describe("over a wire", () => {
  test.each([4, 6] as const)("a client and a server talk, IPv%d", async (family) => {
    const { recording, packets, outcomes, of } = await run({ family });
    expect(outcomes).toEqual(["ok", "ok", "ok"]);
    expect(new Set(packets.map(({ fate }) => fate))).toEqual(new Set(["passed"]));
    expect(new Set(packets.map(({ connection }) => connection))).toEqual(new Set([1, 2, 3]));
    expect(flagsOf(packets.filter(({ connection }) => connection === 1)).slice(0, 3)).toEqual([
      "SYN",
      "SYN-ACK",
      "ACK",
    ]);
    expect(of("wire")).toMatchObject([{ link: 0, malformed: 0, lostFrames: 0, untoldSegments: 0 }]);
    expect(whyUnsound(recording)).toEqual([]);
  });

  test("frames are delayed by the time of their direction", async () => {
    const { packets, of } = await run({ wire: { delayMs: [30, 10] }, attempts: 11 });
    const late = (from: string): number[] =>
      packets
        .filter((packet) => packet.from === from)
        .map(({ atUs, sentUs }) => ((sentUs ?? Number.NaN) - atUs) / 1000)
        .toSorted((a, b) => a - b);
    for (const [from, delayMs] of [
      ["client", 30],
      ["server", 10],
    ] as const) {
      const delays = late(from);
      // On a busy machine some of the frames are later, but not all.
      expect(delays.length).toBeGreaterThan(30);
      expect(delays[0]).toBeGreaterThanOrEqual(delayMs);
      expect(delays[0]).toBeLessThan(delayMs + 5);
    }
    for (const { connectMs } of of("attempt")) expect(connectMs).toBeGreaterThanOrEqual(40);
  });

  test("the first SYN is dropped, and retransmitted a second later", async () => {
    const first = { from: "client", flags: ["SYN" as const], nth: { from: 1, to: 1 } };
    const { packets, outcomes } = await run({ wire: rule(first, { drop: true }), attempts: 1 });
    expect(outcomes).toEqual(["ok"]);
    const [dropped, again] = packets;
    expect([dropped?.fate, dropped?.rule, dropped?.sentUs]).toEqual(["dropped", "it", null]);
    expect([again?.fate, again?.rule, again?.connection, again?.sequence]).toEqual(["passed", null, 1, 0]);
    expect(again!.atUs - dropped!.atUs).toBeGreaterThan(900_000);
  });

  test("a SYN-ACK is held until it is released", async () => {
    const { packets, outcomes, of } = await run({
      wire: rule({ from: "server", flags: ["SYN"], nth: { from: 1, to: 1 } }, { holdUntil: "go" }),
      interventions: [["go", inStateFor(300, "server", "SYN-RECEIVED"), { nothing: true }]],
      attempts: 1,
    });
    expect(outcomes).toEqual(["ok"]);
    const held = packets.find(({ fate }) => fate === "held");
    const went = of("intervention").find(({ name }) => name === "go");
    expect(held?.flags).toEqual(["SYN", "ACK"]);
    expect(held!.atUs).toBeLessThan(went!.atUs);
    // The condition needs the server's state for 300 ms, so the SYN-ACK is held at least that long. The client's answer follows it.
    expect(held!.sentUs! - held!.atUs).toBeGreaterThan(250_000);
    const answer = packets.find(({ from, flags }) => from === "client" && flags.includes("ACK"));
    expect(answer!.atUs).toBeGreaterThan(held!.sentUs!);
  });

  test("a duplicated SYN-ACK is acknowledged twice", async () => {
    const { packets, outcomes } = await run({
      wire: rule({ from: "server", flags: ["SYN"] }, { duplicateAfterMs: 0 }),
      attempts: 1,
    });
    expect(outcomes).toEqual(["ok"]);
    expect(packets.filter(({ fate }) => fate === "duplicated").map(({ rule }) => rule)).toEqual(["it"]);
    const acks = packets.filter(
      ({ from, flags, acknowledgement, payloadBytes }) =>
        from === "client" && flags.join() === "ACK" && acknowledgement === 1 && payloadBytes === 0,
    );
    expect(acks.length).toBeGreaterThanOrEqual(2);
  });

  test("a corrupted segment is ignored by the receiver, and retransmitted", async () => {
    const { packets, outcomes } = await run({
      wire: rule({ from: "client", payload: "some", nth: { from: 1, to: 1 } }, { corrupt: true }),
      attempts: 1,
    });
    expect(outcomes).toEqual(["ok"]);
    const asked = packets.filter(({ from, payloadBytes }) => from === "client" && payloadBytes > 0);
    expect(asked.map(({ fate, sequence }) => [fate, sequence])).toEqual([
      ["corrupted", 1],
      ["passed", 1],
    ]);
  });

  test("a link that is cut passes no segment until it is joined", async () => {
    const { packets, outcomes, of } = await run({
      interventions: [
        ["cut", AT_ONCE, { link: "cut", nth: 0 }],
        ["join", inStateFor(300, "client", "SYN-SENT"), { link: "join", nth: 0 }],
      ],
      attempts: 1,
    });
    expect(outcomes).toEqual(["ok"]);
    const joined = of("intervention").find(({ name }) => name === "join");
    expect(packets[0]).toMatchObject({ flags: ["SYN"], fate: "cut", sentUs: null });
    const fates = packets.map(({ fate }) => fate);
    const cut = fates.lastIndexOf("cut") + 1;
    expect(fates).toEqual([...Array(cut).fill("cut"), ...Array(fates.length - cut).fill("passed")]);
    for (const { fate, atUs } of packets) if (atUs > joined!.atUs) expect(fate).toBe("passed");
  });

  test.each<[string, 4 | 6, AttemptSample["outcome"]]>([
    ["unreachable", 4, { phase: "connect", code: "EHOSTUNREACH", call: "connect" }],
    ["unreachable", 6, { phase: "connect", code: "EHOSTUNREACH", call: "connect" }],
    ["rebooted", 4, { phase: "connect", code: "ECONNREFUSED", call: "connect" }],
    ["rebooted", 6, { phase: "connect", code: "ECONNREFUSED", call: "connect" }],
    ["silent", 4, { phase: "connect", code: "timeout", call: "connect" }],
  ])("a host that is %s, IPv%d", async (become, family, outcome) => {
    const action = { host: "server", become } as InterventionPlan["do"];
    const { outcomes, packets } = await run({
      family,
      interventions: [["gone", AT_ONCE, action]],
      attempts: 1,
      ...(become === "silent" && { timeoutMs: 2500 }),
    });
    expect(outcomes).toEqual([outcome]);
    const answered = packets.some(({ from, flags }) => from === "server" && flags.includes("RST"));
    expect(answered).toBe(become === "rebooted");
  });

  test("a rule that never matched is reported", async () => {
    const { recording } = await run({ wire: rule({ flags: ["URG"] }, { drop: true }), attempts: 1 });
    expect(whyUnsound(recording)).toEqual(['the rule "it" of wire 0 never matched a segment']);
  });
});
