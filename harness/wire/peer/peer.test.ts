import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PeerPlan, PeerStep } from "../../model/peer.ts";
import { TCP_FLAGS, type TcpFlag } from "../../model/wire.ts";
import type { HostAddresses } from "../order.ts";
import { buildSegment, type SegmentPlan } from "../packet/build.ts";
import { flagBits, flagNames } from "../packet/flags.ts";
import { parseFrame, type TcpFrame } from "../packet/frame.ts";
import { Peer } from "./peer.ts";

const hostAt = (n: 1 | 2): HostAddresses => ({
  ethernet: `02:00:00:00:00:0${n}`,
  ipv4: `192.0.2.${n}`,
  ipv6: `2001:db8:0:0::${n}`,
});
const SEED = 7;
/** The kernel's end, which is the client: its initial number. */
const THEIRS = 0xffff_fff0;

interface Came extends Partial<Omit<SegmentPlan, "flags">> {
  flags: TcpFlag[];
  /** Relative to THEIRS. */
  at?: number;
  bytes?: number;
}

function frameOf({ flags, at = 0, bytes = 0, ...rest }: Came, family: 4 | 6 = 4): Uint8Array {
  const [client, server] = family === 4 ? ["192.0.2.1", "192.0.2.2"] : ["2001:db8::1", "2001:db8::2"];
  return buildSegment({
    ethernet: { source: Uint8Array.of(2, 0, 0, 0, 0, 1), destination: Uint8Array.of(2, 0, 0, 0, 0, 2) },
    source: client!,
    destination: server!,
    sourcePort: 40_001,
    destinationPort: 8080,
    sequence: (THEIRS + at) >>> 0,
    acknowledgement: 0,
    windowField: 1000,
    payload: new Uint8Array(bytes),
    ...rest,
    flags: flagBits(flags),
  });
}

/** A peer at the server's end, and what it said, relative to its own first number and to THEIRS. */
class Bench {
  readonly peer: Peer;
  readonly frames: TcpFrame[] = [];
  #first: number | null = null;

  constructor(steps: PeerStep[], changes: Partial<PeerPlan> = {}, seed = SEED) {
    const plan: PeerPlan = { host: "server", connections: 1, port: 8080, steps, ...changes };
    this.peer = new Peer(plan, seed, 1, [hostAt(1), hostAt(2)]);
    this.run(0);
  }

  come(came: Came, nowUs = 0): string[] {
    const bytes = frameOf(came);
    expect(this.peer.hear(bytes, bytes.length, nowUs)).toBe(true);
    return this.run(nowUs);
  }

  /** What it says by now: `SYN-ACK 0:0 ack 1 win 1000`. */
  run(nowUs: number): string[] {
    return this.peer.speak(nowUs).map((bytes) => {
      const frame = parseFrame(bytes, bytes.length);
      if (frame.kind !== "tcp") throw new Error(`a peer said something that is ${frame.kind}`);
      this.frames.push(frame);
      this.#first ??= frame.sequence;
      const sequence = (frame.sequence - this.#first) | 0;
      const ack = flagNames(frame.flags).includes("ACK")
        ? ` ack ${(frame.acknowledgement - THEIRS) >>> 0}`
        : "";
      const flags = flagNames(frame.flags).join("-");
      return `${flags} ${sequence}+${frame.payloadBytes}${ack} win ${frame.windowField}`;
    });
  }
}

const windowBytes = 1000;
const say = (...flags: TcpFlag[]): PeerStep => ({ send: { flags, windowBytes } });
const awaits = (...flags: TcpFlag[]): PeerStep => ({ await: { flags }, withinMs: 100 });

describe("a peer that is called", () => {
  const handshake = [awaits("SYN"), say("SYN", "ACK"), awaits("ACK")];

  test("says what its script says, with the numbers that follow", () => {
    const bench = new Bench([
      ...handshake,
      { await: { payload: "some" }, withinMs: 100 },
      { send: { flags: ["PSH", "ACK"], windowBytes: 7, payloadBytes: 5 } },
      awaits("FIN"),
      say("FIN", "ACK"),
      awaits("ACK"),
    ]);
    expect(bench.come({ flags: ["SYN"] })).toEqual(["SYN-ACK 0+0 ack 1 win 1000"]);
    expect(bench.come({ flags: ["ACK"], at: 1 })).toEqual([]);
    // Over the end of the numbers: THEIRS is 16 before it.
    expect(bench.come({ flags: ["ACK"], at: 1, bytes: 40 })).toEqual(["PSH-ACK 1+5 ack 41 win 7"]);
    expect(bench.peer.unfinished()).toEqual([{ connection: 1, step: 5, unmet: false }]);
    expect(bench.come({ flags: ["FIN", "ACK"], at: 41 })).toEqual(["FIN-ACK 6+0 ack 42 win 1000"]);
    expect(bench.come({ flags: ["ACK"], at: 42 })).toEqual([]);
    expect(bench.peer.unfinished()).toEqual([]);
    expect(bench.peer.nextDueUs()).toBe(Infinity);
  });

  test("speaks from the address and the port that were called, in whole frames", () => {
    const bench = new Bench(handshake);
    const call = frameOf({ flags: ["SYN"], sourcePort: 50_000 }, 6);
    bench.peer.hear(call, call.length, 0);
    const [frame] = bench.peer.speak(0);
    const answer = parseFrame(frame!, frame!.length) as TcpFrame;
    expect([answer.source, answer.sourcePort, answer.destination, answer.destinationPort]).toEqual([
      "2001:db8::2",
      8080,
      "2001:db8::1",
      50_000,
    ]);
    expect([...frame!.subarray(0, 12)]).toEqual([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]);
  });

  test("keeps apart who calls, and meets those beyond its number with silence", () => {
    const bench = new Bench(handshake, { connections: 2 });
    const calls = [1, 2, 3].map((n) => bench.come({ flags: ["SYN"], sourcePort: 40_000 + n }).length);
    expect(calls).toEqual([1, 1, 0]);
    expect(bench.frames.map(({ destinationPort }) => destinationPort)).toEqual([40_001, 40_002]);
    expect(bench.frames[0]!.sequence).not.toBe(bench.frames[1]!.sequence);
    bench.come({ flags: ["ACK"], at: 1, sourcePort: 40_002 });
    expect(bench.peer.unfinished()).toEqual([{ connection: 1, step: 2, unmet: false }]);
  });

  test("hears no other port, no segment out of the blue, and none that was damaged", () => {
    const bench = new Bench(handshake);
    expect(bench.come({ flags: ["SYN"], destinationPort: 81 })).toEqual([]);
    expect(bench.come({ flags: ["ACK"], at: 1 })).toEqual([]);
    const damaged = frameOf({ flags: ["SYN"], bytes: 3 });
    damaged[damaged.length - 1] = 9;
    expect([bench.peer.hear(damaged, damaged.length, 0), bench.run(0)]).toEqual([true, []]);
    expect(bench.come({ flags: ["SYN"] })).toHaveLength(1);
  });

  test("leaves to its host's kernel what is not TCP", () => {
    const bench = new Bench(handshake);
    const echo = frameOf({ flags: ["SYN"] });
    echo[23] = 1;
    expect(bench.peer.hear(echo, echo.length, 0)).toBe(false);
  });

  test("has the same numbers for the same seed", () => {
    const numberOf = (seed: number): number => {
      const bench = new Bench(handshake, {}, seed);
      bench.come({ flags: ["SYN"] });
      return bench.frames[0]!.sequence;
    };
    expect(numberOf(1)).toBe(numberOf(1));
    expect(numberOf(1)).not.toBe(numberOf(2));
  });
});

describe("a peer that calls", () => {
  const calling: Partial<PeerPlan> = { connections: 2, port: 40_001, to: 8080, host: "server" };

  test.each([
    [4, "192.0.2.2", "192.0.2.1"],
    [6, "2001:db8::2", "2001:db8::1"],
  ] as const)("calls from ports that follow one another, IPv%d", (family, source, destination) => {
    const bench = new Bench([say("SYN"), awaits("ACK")], { ...calling, family });
    expect(bench.frames.map((frame) => [frame.sourcePort, frame.destinationPort])).toEqual([
      [40_001, 8080],
      [40_002, 8080],
    ]);
    expect(bench.frames[0]).toMatchObject({ ipVersion: family });
    expect([bench.frames[0]!.source, bench.frames[0]!.destination]).toEqual([source, destination]);
    const answer = { source: destination, destination: source, sourcePort: 8080, destinationPort: 40_002 };
    bench.come({ ...answer, flags: ["SYN", "ACK"] });
    expect(bench.peer.unfinished()).toEqual([{ connection: 1, step: 1, unmet: false }]);
  });

  test("waits for an intervention, which may have been done before", () => {
    const bench = new Bench([{ after: "go" }, say("SYN"), { after: "go" }, say("RST")], calling);
    expect(bench.frames).toEqual([]);
    bench.peer.done("other", 5);
    expect(bench.run(5)).toEqual([]);
    bench.peer.done("go", 6);
    expect(bench.run(6)).toHaveLength(4);
    expect(bench.peer.unfinished()).toEqual([]);
  });

  test("numbers as it is told, and goes on behind its last SYN", () => {
    const bench = new Bench(
      [
        say("SYN"),
        { send: { flags: ["ACK"], windowBytes: 1, sequence: -5, acknowledgement: 0 } },
        { send: { flags: ["ACK"], windowBytes: 1, payloadBytes: 3 } },
        { send: { flags: ["ACK"], windowBytes: 1, sequence: 1, payloadBytes: 1 } },
        say("FIN"),
        { send: { flags: ["SYN"], windowBytes: 1, sequence: 70_000 } },
        say("ACK"),
      ],
      { ...calling, connections: 1 },
    );
    const first = bench.frames[0]!.sequence;
    expect(bench.frames.map(({ sequence }) => (sequence - first) | 0)).toEqual([
      0, -5, 1, 1, 4, 70_000, 70_001,
    ]);
  });

  test("puts options into its header, and scales its window when both sides offered to", () => {
    const options = { mssBytes: 1460, windowScale: 7, sackPermitted: true as const };
    const stamp = { timestamps: { value: 5, echo: "latest" as const } };
    const bench = new Bench(
      [
        { send: { flags: ["SYN"], windowBytes: 9000, options } },
        awaits("SYN", "ACK"),
        { send: { flags: ["ACK"], windowBytes: 9000, options: { ...stamp, sack: [[10, 20]] } } },
      ],
      { ...calling, connections: 1 },
    );
    const answer = {
      sourcePort: 8080,
      destinationPort: 40_001,
      source: "192.0.2.1",
      destination: "192.0.2.2",
    };
    bench.come({
      ...answer,
      flags: ["SYN", "ACK"],
      options: { windowScale: 2, timestamps: { value: 77, echo: 0 } },
    });
    const [syn, ack] = bench.frames;
    expect([syn!.windowField, ack!.windowField]).toEqual([9000, 70]);
    expect(syn!.options).toEqual(options);
    expect(ack!.options).toEqual({
      timestamps: { value: 5, echo: 77 },
      sack: [[(THEIRS + 10) >>> 0, (THEIRS + 20) >>> 0]],
    });
  });
});

describe("an await", () => {
  test("is met by what came since the one before was met, while the script was at something else", () => {
    const bench = new Bench([awaits("SYN"), { waitMs: 5 }, awaits("FIN"), say("ACK")]);
    bench.come({ flags: ["SYN"] }, 1000);
    bench.come({ flags: ["ACK"], at: 1 }, 2000);
    bench.come({ flags: ["FIN", "ACK"], at: 1 }, 3000);
    expect(bench.peer.nextDueUs()).toBe(6000);
    expect(bench.run(5999)).toEqual([]);
    expect(bench.run(6000)).toEqual(["ACK 0+0 ack 2 win 1000"]);
  });

  test.each<[string, PeerStep, Came[]]>([
    ["flags that must not be set", { await: { without: ["SYN"] }, withinMs: 9 }, [{ flags: ["SYN"] }]],
    ["a payload", { await: { payload: "some" }, withinMs: 9 }, [{ flags: ["ACK"], at: 1 }]],
    ["none", { await: { payload: "none" }, withinMs: 9 }, [{ flags: ["ACK"], at: 1, bytes: 1 }]],
  ])("is not met without %s", (_, step, came) => {
    const bench = new Bench([awaits("SYN"), step]);
    bench.come({ flags: ["SYN"] });
    for (const one of came) bench.come(one);
    expect(bench.peer.unfinished()).toEqual([{ connection: 1, step: 1, unmet: false }]);
  });

  test("that is not met in time ends the script there", () => {
    const bench = new Bench([awaits("SYN"), say("SYN", "ACK"), awaits("ACK"), say("RST")]);
    bench.come({ flags: ["SYN"] }, 50_000);
    expect(bench.peer.nextDueUs()).toBe(150_000);
    bench.run(150_000);
    expect(bench.peer.unfinished()).toEqual([{ connection: 1, step: 2, unmet: true }]);
    expect(bench.peer.nextDueUs()).toBe(Infinity);
    expect(bench.come({ flags: ["ACK"], at: 1 }, 150_001)).toEqual([]);
    expect(bench.peer.unfinished()).toEqual([{ connection: 1, step: 2, unmet: true }]);
  });
});

describe("a peer that answers", () => {
  const zero: PeerStep = { answer: { windowBytes: 0 } };

  test("acknowledges what takes room or is out of place, for ever, and nothing else", () => {
    const bench = new Bench([awaits("SYN"), say("SYN", "ACK"), zero]);
    bench.come({ flags: ["SYN"] });
    expect(bench.come({ flags: ["ACK"], at: 1 })).toEqual([]);
    expect(bench.come({ flags: ["ACK"], at: 1, bytes: 3 })).toEqual(["ACK 1+0 ack 4 win 0"]);
    // A window probe (net/ipv4/tcp_output.c, tcp_xmit_probe_skb) has a number that was acknowledged already.
    expect(bench.come({ flags: ["ACK"], at: 3 })).toEqual(["ACK 1+0 ack 4 win 0"]);
    expect(bench.come({ flags: ["ACK"], at: 6, bytes: 2 })).toEqual(["ACK 1+0 ack 4 win 0"]);
    expect(bench.come({ flags: ["FIN", "ACK"], at: 4 })).toEqual(["ACK 1+0 ack 5 win 0"]);
    expect(bench.come({ flags: ["RST"], at: 5 })).toEqual([]);
    expect(bench.come({ flags: ["SYN"] })).toEqual([]);
  });

  test("falls silent when it is told to", () => {
    const bench = new Bench([awaits("SYN"), say("SYN", "ACK"), zero, awaits("PSH"), { answer: null }]);
    bench.come({ flags: ["SYN"] });
    expect(bench.come({ flags: ["PSH", "ACK"], at: 1, bytes: 3 })).toHaveLength(1);
    expect(bench.come({ flags: ["PSH", "ACK"], at: 4, bytes: 3 })).toEqual([]);
  });
});

describe("any script", () => {
  const flags = fc.uniqueArray(fc.constantFrom(...TCP_FLAGS));
  const someFlags = fc.uniqueArray(fc.constantFrom(...TCP_FLAGS), { minLength: 1, maxLength: 2 });
  const number = fc.oneof(fc.constant("next" as const), fc.integer({ min: -70_000, max: 70_000 }));
  const step: fc.Arbitrary<PeerStep> = fc.oneof(
    fc.record({
      send: fc.record(
        {
          flags,
          sequence: number,
          acknowledgement: number,
          windowBytes: fc.nat(1_000_000),
          payloadBytes: fc.nat(1400),
        },
        { requiredKeys: ["flags", "windowBytes"] },
      ),
    }),
    fc.record({ await: fc.record({ flags: someFlags }), withinMs: fc.integer({ min: 1, max: 50 }) }),
    fc.record({ waitMs: fc.integer({ min: 1, max: 50 }) }),
    fc.constantFrom({ after: "go" }, { answer: { windowBytes: 0 } }, { answer: null }),
  );
  const came = fc.record({
    flags,
    at: fc.integer({ min: -10, max: 100 }),
    bytes: fc.nat(20),
    sourcePort: fc.integer({ min: 40_001, max: 40_003 }),
    destinationPort: fc.constantFrom(8080, 8081),
  });
  const junk = fc.uint8Array({ maxLength: 120 });
  const events = fc.array(
    fc.oneof(
      fc.record({
        frame: fc.oneof(
          came.map((one) => frameOf(one)),
          junk,
        ),
      }),
      fc.record({ waitUs: fc.nat(60_000) }),
      fc.constant({ done: "go" }),
    ),
  );

  test("whatever comes, throws nothing, and says no more than its steps and one answer for each segment", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1 }), events, fc.boolean(), (steps, all, calls) => {
        const plan: PeerPlan = { host: "server", connections: 2, port: calls ? 8080 : 8081, steps };
        if (calls) plan.to = 40_001;
        const peer = new Peer(plan, SEED, 1, [hostAt(1), hostAt(2)]);
        let nowUs = 0;
        let said = 0;
        const speak = (): void => {
          for (const bytes of peer.speak(nowUs)) {
            expect(parseFrame(bytes, bytes.length).kind).toBe("tcp");
            said += 1;
          }
          // What is due is said: a loop that asks again at once would turn for ever.
          expect(peer.nextDueUs()).toBeGreaterThan(nowUs);
        };
        speak();
        for (const event of all) {
          if ("frame" in event) peer.hear(event.frame, event.frame.length, nowUs);
          else if ("done" in event) peer.done(event.done, nowUs);
          else nowUs += event.waitUs;
          speak();
        }
        const sends = steps.filter((one) => "send" in one).length;
        expect(said).toBeLessThanOrEqual(2 * sends + all.filter((event) => "frame" in event).length);
      }),
    );
  });
});
