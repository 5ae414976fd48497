import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SegmentMatch } from "../model/segment.ts";
import type { WirePlan, WireRule } from "../model/wire.ts";
import { Chance, nextOf } from "./chance.ts";
import { FLAG } from "./packet/flags.ts";
import { type RuledSegment, Rulebook } from "./rules.ts";

const { SYN, ACK, FIN } = FLAG;
const segment = (changes: Partial<RuledSegment> = {}): RuledSegment => ({
  flags: ACK,
  payloadBytes: 0,
  sourcePort: 40_001,
  destinationPort: 8080,
  ...changes,
});

function rulebook(rules: WireRule[], changes: Partial<WirePlan> = {}): Rulebook {
  return new Rulebook({ between: ["client", "server"], loss: 0, seed: 1, rules, ...changes });
}

const dropping = (match: SegmentMatch, name = "it"): WireRule => ({ name, match, do: { drop: true } });

describe("a rule", () => {
  test.each<[string, SegmentMatch, boolean]>([
    ["nothing", {}, true],
    ["the segment's side", { from: "client" }, true],
    ["another side", { from: "server" }, false],
    ["flags that are set", { flags: ["FIN", "ACK"] }, true],
    ["a flag that is not set", { flags: ["FIN", "PSH"] }, false],
    ["a flag not to be set that is set", { without: ["ACK"] }, false],
    ["flags not to be set that are not set", { without: ["SYN", "RST"] }, true],
    ["a payload", { payload: "some" }, true],
    ["no payload", { payload: "none" }, false],
    ["as much payload as there is", { payloadAtLeast: 5 }, true],
    ["more payload than there is", { payloadAtLeast: 6 }, false],
    ["an idle connection, of its first segment", { idleForMs: 1000 }, false],
    ["the service's port", { port: 8080 }, true],
    ["the other port", { port: 40_001 }, true],
    ["a port of neither end", { port: 80 }, false],
    ["its connection", { connection: 3 }, true],
    ["another connection", { connection: 1 }, false],
    ["a time after an intervention that is not done yet", { after: "a cut" }, false],
    ["a time before an intervention that is not done yet", { until: "a cut" }, true],
  ])("that asks for %s", (_, match, acts) => {
    const book = rulebook([dropping(match)]);
    const { rule, action } = book.decide(0, segment({ flags: FIN | ACK, payloadBytes: 5 }), 3, 0);
    expect({ rule, action }).toEqual(acts ? { rule: 0, action: { drop: true } } : { rule: -1, action: null });
    expect(book.matches()).toEqual([{ rule: "it", segments: acts ? 1 : 0 }]);
  });

  test("can begin and end with interventions", () => {
    const book = rulebook([dropping({ after: "begin", until: "end" })]);
    const acted = (): boolean => book.decide(1, segment(), 1, 0).rule === 0;
    const before = acted();
    book.done("begin");
    const between = acted();
    book.done("end");
    expect([before, between, acted()]).toEqual([false, true, false]);
  });

  test("forgets a connection that was idle for so long, and no other", () => {
    const book = rulebook([dropping({ idleForMs: 1000 })]);
    const acted = (connection: number, atMs: number, side: 0 | 1 = 0): boolean =>
      book.decide(side, segment(), connection, atMs * 1000).rule === 0;
    const kept = [0, 999, 1998, 2997].map((atMs) => acted(1, atMs, atMs % 2 === 0 ? 0 : 1));
    expect(kept).toEqual([false, false, false, false]);
    expect([acted(2, 0), acted(2, 1000), acted(2, 1001, 1), acted(3, 1002)]).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test("counts from 1 the segments that match all other keys", () => {
    const ranges = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.option(fc.nat({ max: 9 })));
    fc.assert(
      fc.property(ranges, fc.array(fc.boolean(), { maxLength: 40 }), ([from, more], sent) => {
        const to = more === null ? null : from + more;
        const book = rulebook([dropping({ flags: ["SYN"], nth: { from, to } })]);
        let syns = 0;
        for (const syn of sent) {
          if (syn) syns += 1;
          const acts = syn && syns >= from && (to === null || syns <= to);
          expect(book.decide(0, segment({ flags: syn ? SYN : ACK }), 1, 0).rule).toBe(acts ? 0 : -1);
        }
      }),
    );
  });

  test("hides a segment from the rules after it", () => {
    const book = rulebook([
      { name: "first", match: { nth: { from: 1, to: 1 } }, do: { pass: true } },
      dropping({ nth: { from: 1, to: 1 } }, "second"),
    ]);
    expect([1, 2, 3].map(() => book.decide(0, segment(), 1, 0).rule)).toEqual([0, 1, -1]);
  });
});

describe("chance", () => {
  test("is xoshiro128**: the first numbers of the state 1, 2, 3, 4, computed by hand from the reference code", () => {
    const state = Uint32Array.of(1, 2, 3, 4);
    // rotl(2 * 5, 7) * 9; the second word is then 0 (2 ^ 3 ^ 1), the third time 1029 * 5 rotated by 7, times 9.
    expect([nextOf(state), nextOf(state), nextOf(state)]).toEqual([11_520, 0, 5_927_040]);
  });

  test("is uniform, and the same for the same seed", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 1 }), (seed, stream) => {
        const [one, other] = [new Chance(seed, stream), new Chance(seed, stream)];
        const drawn = Array.from({ length: 2_000 }, () => one.next());
        expect(drawn.every((number) => number >= 0 && number < 1 && number === other.next())).toBe(true);
        const mean = drawn.reduce((sum, number) => sum + number, 0) / drawn.length;
        expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
      }),
      { numRuns: 30 },
    );
  });

  test("loses the same segments of a side however the sides interleave, and none on which a rule acts", () => {
    const rules: WireRule[] = [{ name: "spare", match: { flags: ["SYN"] }, do: { pass: true } }];
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat({ max: 1 }), { maxLength: 60 }), (seed, others) => {
        const [alone, mixed] = [rulebook(rules, { loss: 0.4, seed }), rulebook(rules, { loss: 0.4, seed })];
        for (const other of others) {
          for (let n = 0; n < other; n += 1) mixed.decide(1, segment(), 1, 0);
          expect(mixed.decide(0, segment({ flags: SYN }), 1, 0).lost).toBe(false);
          expect(mixed.decide(0, segment(), 1, 0).lost).toBe(alone.decide(0, segment(), 1, 0).lost);
        }
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    [0, 0],
    [1, 1000],
  ])("of %d takes %d of 1000", (loss, lost) => {
    const book = rulebook([], { loss });
    const drawn = Array.from({ length: 1000 }, () => book.decide(0, segment(), 1, 0).lost);
    expect(drawn.filter(Boolean)).toHaveLength(lost);
  });
});
