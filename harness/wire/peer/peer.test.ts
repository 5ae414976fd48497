import { describe, expect, test } from "vitest";
import type { PeerPlan } from "../../model/peer.ts";
import { parseFrame, type TcpFrame } from "../packet/frame.ts";
import { awaits, Bench, frameOf, say, THEIRS } from "./hand-made.fixture.ts";

describe("a peer that is called", () => {
  const handshake = [awaits("SYN"), say("SYN", "ACK"), awaits("ACK")];

  test("sends the segments of its script, with consecutive numbers", () => {
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
    // The sequence numbers wrap: THEIRS is 16 before the end.
    expect(bench.come({ flags: ["ACK"], at: 1, bytes: 40 })).toEqual(["PSH-ACK 1+5 ack 41 win 7"]);
    expect(bench.peer.unfinished()).toEqual([{ connection: 1, step: 5, unmet: false }]);
    expect(bench.come({ flags: ["FIN", "ACK"], at: 41 })).toEqual(["FIN-ACK 6+0 ack 42 win 1000"]);
    expect(bench.come({ flags: ["ACK"], at: 42 })).toEqual([]);
    expect(bench.peer.unfinished()).toEqual([]);
    expect(bench.peer.nextDueUs()).toBe(Infinity);
  });

  test("sends whole frames from the address and the port that were called", () => {
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

  test("keeps its connections apart, and does not answer calls beyond their number", () => {
    const bench = new Bench(handshake, { connections: 2 });
    const calls = [1, 2, 3].map((n) => bench.come({ flags: ["SYN"], sourcePort: 40_000 + n }).length);
    expect(calls).toEqual([1, 1, 0]);
    expect(bench.frames.map(({ destinationPort }) => destinationPort)).toEqual([40_001, 40_002]);
    expect(bench.frames[0]!.sequence).not.toBe(bench.frames[1]!.sequence);
    bench.come({ flags: ["ACK"], at: 1, sourcePort: 40_002 });
    expect(bench.peer.unfinished()).toEqual([{ connection: 1, step: 2, unmet: false }]);
  });

  test("ignores other ports, segments without a connection, and damaged segments", () => {
    const bench = new Bench(handshake);
    expect(bench.come({ flags: ["SYN"], destinationPort: 81 })).toEqual([]);
    expect(bench.come({ flags: ["ACK"], at: 1 })).toEqual([]);
    const damaged = frameOf({ flags: ["SYN"], bytes: 3 });
    damaged[damaged.length - 1] = 9;
    expect([bench.peer.hear(damaged, damaged.length, 0), bench.run(0)]).toEqual([true, []]);
    expect(bench.come({ flags: ["SYN"] })).toHaveLength(1);
  });

  test("leaves frames that are not TCP to its host's kernel", () => {
    const bench = new Bench(handshake);
    const echo = frameOf({ flags: ["SYN"] });
    echo[23] = 1;
    expect(bench.peer.hear(echo, echo.length, 0)).toBe(false);
  });

  test("has the same initial numbers for the same seed", () => {
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
  ] as const)("calls from consecutive ports, IPv%d", (family, source, destination) => {
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

  test("waits for an intervention, and does not wait for one that is already done", () => {
    const bench = new Bench([{ after: "go" }, say("SYN"), { after: "go" }, say("RST")], calling);
    expect(bench.frames).toEqual([]);
    bench.peer.done("other", 5);
    expect(bench.run(5)).toEqual([]);
    bench.peer.done("go", 6);
    expect(bench.run(6)).toHaveLength(4);
    expect(bench.peer.unfinished()).toEqual([]);
  });

  test("uses the numbers of its script, and continues after its last SYN", () => {
    const bench = new Bench(
      [
        say("SYN"),
        { send: { flags: ["ACK"], windowBytes: 1, sequence: -5, acknowledgement: 0 } },
        { send: { flags: ["ACK"], windowBytes: 1, payloadBytes: 3 } },
        { send: { flags: ["ACK"], windowBytes: 1, sequence: 1, payloadBytes: 1 } },
        say("FIN"),
        { send: { flags: ["SYN"], windowBytes: 1, sequence: 70_000 } },
        say("ACK"),
        { send: { flags: ["SYN"], windowBytes: 1, sequence: -100 } },
        say("ACK"),
      ],
      { ...calling, connections: 1 },
    );
    const first = bench.frames[0]!.sequence;
    expect(bench.frames.map(({ sequence }) => (sequence - first) | 0)).toEqual([
      0, -5, 1, 1, 4, 70_000, 70_001, -100, -99,
    ]);
  });

  test("puts options into the header, and scales its window when both SYNs have the option", () => {
    const options = { mssBytes: 1460, windowScale: 7, sackPermitted: true as const };
    const stamp = { timestamps: { value: 5, echo: "latest" as const } };
    const bench = new Bench(
      [
        { send: { flags: ["SYN"], windowBytes: 9000, options } },
        awaits("SYN", "ACK"),
        { send: { flags: ["ACK"], windowBytes: 9000, options: { ...stamp, sack: [[10, 20]] } } },
        { send: { flags: ["SYN"], windowBytes: 9000, options } },
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
    expect(bench.frames.map(({ windowField }) => windowField)).toEqual([9000, 70, 9000]);
    expect(syn!.options).toEqual(options);
    expect(ack!.options).toEqual({
      timestamps: { value: 5, echo: 77 },
      sack: [[(THEIRS + 10) >>> 0, (THEIRS + 20) >>> 0]],
    });
  });
});
