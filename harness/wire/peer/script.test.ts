import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PeerPlan, PeerStep } from "../../model/peer.ts";
import { TCP_FLAGS } from "../../model/segment.ts";
import { parseFrame } from "../packet/frame.ts";
import { awaits, Bench, type Came, frameOf, hostAt, say, SEED } from "./hand-made.fixture.ts";
import { Peer } from "./peer.ts";

describe("an await", () => {
  test("is met by a segment that came after the previous await was met, also during another step", () => {
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

  test("that is not met in time ends the script", () => {
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

  test("acknowledges only segments that take sequence space or are out of order, without end", () => {
    const bench = new Bench([awaits("SYN"), say("SYN", "ACK"), zero]);
    bench.come({ flags: ["SYN"] });
    expect(bench.come({ flags: ["ACK"], at: 1 })).toEqual([]);
    expect(bench.come({ flags: ["ACK"], at: 1, bytes: 3 })).toEqual(["ACK 1+0 ack 4 win 0"]);
    // A window probe (net/ipv4/tcp_output.c, tcp_xmit_probe_skb) has a sequence number that was already acknowledged.
    expect(bench.come({ flags: ["ACK"], at: 3 })).toEqual(["ACK 1+0 ack 4 win 0"]);
    expect(bench.come({ flags: ["ACK"], at: 6, bytes: 2 })).toEqual(["ACK 1+0 ack 4 win 0"]);
    expect(bench.come({ flags: ["FIN", "ACK"], at: 4 })).toEqual(["ACK 1+0 ack 5 win 0"]);
    expect(bench.come({ flags: ["RST"], at: 9 })).toEqual([]);
    expect(bench.come({ flags: ["SYN"] })).toEqual([]);
  });

  test("stops answering after a step with null", () => {
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

  test("never throws, and sends no more than its steps and one answer for each segment", () => {
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
          // After a call nothing is due any more. Otherwise a loop that calls again at once would never end.
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
