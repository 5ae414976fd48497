import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Laboratory } from "../lab/laboratory.ts";
import { packageRoot } from "../lab/paths.ts";
import type { Recording } from "../model/recording.ts";
import type { AttemptSample, PacketSample, Sample } from "../model/sample.ts";
import type { Condition, InterventionPlan, Setup } from "../model/setup.ts";
import type { TcpState } from "../model/state.ts";
import type { WirePlan, WireRule } from "../model/wire.ts";
import { readRecording } from "../recording/read.ts";
import { validateSetup } from "../recording/schema.ts";
import { whyUnsound } from "../verdict/unsound.ts";

const folder = mkdtempSync(join(tmpdir(), "lastack-wire-"));
let lab: Laboratory;
let nth = 0;

beforeAll(async () => {
  lab = await Laboratory.open();
});
afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
});

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
}: Plan): Promise<{
  recording: Recording;
  packets: PacketSample[];
  outcomes: AttemptSample["outcome"][];
  of: <K extends Sample["kind"]>(kind: K) => Extract<Sample, { kind: K }>[];
}> {
  const base = { between: ["client", "server"] as [string, string], delayMs: [0, 0] as [number, number] };
  const to = family === 4 ? "{server}:8080" : "[{server6}]:8080";
  const flags = ["--rate", "0", "--concurrency", "1", "--close", "client"];
  // The client starts late enough for the interventions that are done at once.
  const delay = interventions.length === 0 ? [] : ["--delay-ms", "500"];
  const bounds = ["--timeout-ms", String(timeoutMs), "--within-ms", "30000", ...delay];
  const program = { limits: {}, withinMs: 35_000 };
  const setup: Setup = validateSetup({
    hosts: { client: { sysctls: {} }, server: { sysctls: {} } },
    links: [{ kind: "wire", ...base, bitsPerSecond: null, loss: 0, seed: 1, rules: [], ...wire }],
    programs: {
      echo: { ...program, host: "server", role: "server", run: ["./echo.mjs"] },
      ask: {
        ...program,
        host: "client",
        role: "client",
        run: ["clients/short-tcp", "--to", to, "--attempts", String(attempts), ...flags, ...bounds],
      },
    },
    phases: [
      { name: "load", until: { exited: ["ask"] }, withinMs: 40_000 },
      { name: "end", until: { exited: ["echo"] }, withinMs: 5000 },
    ],
    interventions: interventions.map(([name, when, action]) => ({
      name,
      phase: "load",
      when,
      do: action,
    })),
    observers: interventions.length === 0 ? {} : { sockets: { everyMs: 20 } },
  });
  const out = join(folder, `${(nth += 1)}.ndjson`);
  const baseDir = join(packageRoot, "tests", "fixtures");
  const order = { experiment: "wire", variant: "test", setup, out, baseDir, hold: false, pcap: null };
  expect(await lab.run(order, () => {}).ended).toEqual({ reason: "completed" });
  const recording = readRecording(out);
  const of = <K extends Sample["kind"]>(kind: K): Extract<Sample, { kind: K }>[] =>
    recording.samples.filter((sample): sample is Extract<Sample, { kind: K }> => sample.kind === kind);
  return { recording, packets: of("packet"), outcomes: of("attempt").map(({ outcome }) => outcome), of };
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
