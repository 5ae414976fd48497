import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { WireWords } from "../model/exec.ts";
import { Rulebook } from "../wire/rules.ts";
import { wireOf } from "./wire-words.ts";

const noFile = (path: string): WireWords => {
  throw new Error(`no test reads ${path}`);
};
const wire = (words: readonly string[]): WireWords => wireOf(words, noFile);
const SYN = { from: "client", flags: ["SYN"], without: ["ACK"] };
const ANSWER = { from: "server", payload: "some" };
const only = (n: number) => ({ from: n, to: n });

test("each form is understood", () => {
  expect(wire(["delay=50ms", "loss=1%", "rate=1mbit", "seed=7"])).toEqual({
    delayMs: [50, 50],
    loss: 0.01,
    bitsPerSecond: 1_000_000,
    seed: 7,
  });
  expect(wire(["delay=0.5s"])).toEqual({ delayMs: [500, 500] });
  expect(wire([])).toEqual({});
});

test.each([
  ["drop=SYN:2", { ...SYN, nth: only(2) }, { drop: true }],
  ["drop=SYN-ACK:1-3", { from: "server", flags: ["SYN", "ACK"], nth: { from: 1, to: 3 } }, { drop: true }],
  ["drop=REQUEST:2-", { from: "client", payload: "some", nth: { from: 2, to: null } }, { drop: true }],
  ["hold=ANSWER:1:500ms", { ...ANSWER, nth: only(1) }, { holdMs: 500 }],
  ["repeat=ANSWER:1", { ...ANSWER, nth: only(1) }, { duplicateAfterMs: 0 }],
  ["repeat=FIN:1:1s", { from: "server", flags: ["FIN"], nth: only(1) }, { duplicateAfterMs: 1000 }],
  ["corrupt=ANSWER:4", { ...ANSWER, nth: only(4) }, { corrupt: true }],
])("%s", (word, match, action) => {
  expect(wire([word])).toEqual({ rules: [{ name: word, match, do: action }] });
});

test.each([
  ["delay=50", /delay takes a time, as in delay=50ms/],
  ["delay=61s", /up to 60s/],
  ["loss=101%", /up to 100%/],
  ["loss=1", /loss takes a percentage, as in loss=1%/],
  ["rate=0mbit", /rate takes bits a second/],
  ["rate=1", /rate=1mbit/],
  ["seed=-1", /seed takes a whole number/],
  ["drop=SYN", /does not say which SYN: write drop=SYN:1/],
  ["drop=SYN:0", /does not say which SYN/],
  ["drop=SYN:3-2", /does not say which SYN/],
  ["drop=SYN:1:5ms", /drop takes no time/],
  ["corrupt=SYN:1:5ms", /corrupt takes no time/],
  ["hold=SYN:1", /hold takes a time at its end, as in hold=ANSWER:1:500ms/],
  ["hold=SYN:1:0ms", /hold takes a time/],
  ["hold=SYN:1:5ms:6ms", /nothing comes after hold=SYN:1:5ms/],
  ["drop=RST:1", /drop takes SYN, SYN-ACK, REQUEST, ANSWER, FIN, not "RST"/],
  ["drop=syn:1", /Did you mean SYN\?/],
  ["drop=toString:1", /drop takes SYN/],
  ["jitter=1ms", /that is no word of the wire\. The words are delay=50ms, .* and @FILE/],
  ["dealy=1ms", /Did you mean delay=50ms\?/],
  ["corupt=SYN:1", /Did you mean corrupt=ANSWER:1\?/],
  ["delay", /Did you mean delay=50ms\?/],
  ["rules.json", /Did you mean @rules\.json\?/],
  ["constructor=1", /no word of the wire/],
  ["", /no word of the wire/],
])("%j is refused, with what is wrong in it", (word, why) => {
  expect(() => wire([word])).toThrow(why);
});

test.each([
  [["delay=1ms", "delay=2ms"], /delay=1ms and delay=2ms both set delayMs/],
  [["loss=1%", "loss=1%"], /both set loss/],
  [["seed=3"], /seed means nothing without loss/],
  [["seed=3", "loss=0%"], /seed means nothing without loss/],
  [["drop=SYN:1", "drop=SYN:1"], /drop=SYN:1 and drop=SYN:1 act on the same SYN/],
  [["drop=ANSWER:2-", "hold=ANSWER:5:1s"], /drop=ANSWER:2- and hold=ANSWER:5:1s act on the same ANSWER/],
])("%j contradict each other", (words, why) => {
  expect(() => wire(words)).toThrow(why);
});

describe("a file", () => {
  const rules = [{ name: "all", match: {}, do: { pass: true as const } }];
  const read = (path: string): WireWords => (path === "rules" ? { rules } : { loss: 0.5, delayMs: [1, 2] });

  test("adds its settings, and its rules after those of the words", () => {
    const { rules: all = [], ...rest } = wireOf(["@rules", "@rest", "drop=SYN:1", "seed=2"], read);
    expect(all.map(({ name }) => name)).toEqual(["drop=SYN:1", "all"]);
    expect(rest).toEqual({ loss: 0.5, delayMs: [1, 2], seed: 2 });
  });

  test("cannot set what a word sets, or have a rule of the same name", () => {
    expect(() => wireOf(["@rest", "delay=1ms"], read)).toThrow(/@rest and delay=1ms both set delayMs/);
    expect(() => wireOf(["@rules", "@rules"], read)).toThrow(/two rules have the name "all"/);
  });
});

/** The side, the flags and the bytes of payload of a segment. */
const FRAMES: Record<"SYN" | "SYN-ACK" | "REQUEST" | "ANSWER", [0 | 1, number, number]> = {
  SYN: [0, 0x02, 0],
  "SYN-ACK": [1, 0x12, 0],
  REQUEST: [0, 0x10, 9],
  ANSWER: [1, 0x10, 9],
};
const segments = fc.constantFrom("SYN", "SYN-ACK", "REQUEST", "ANSWER");
/** Places in any order, of which no two are the same. */
const places = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 });

test("whatever the order of the words, each acts on exactly the segments that it names", () => {
  fc.assert(
    fc.property(segments, places, (segment, nths) => {
      const { rules = [] } = wire(nths.map((nth) => `drop=${segment}:${nth}`));
      const book = new Rulebook({ between: ["client", "server"], loss: 0, seed: 1, rules });
      const [side, flags, payloadBytes] = FRAMES[segment];
      const frame = { flags, payloadBytes, sourcePort: 1, destinationPort: 2 };
      for (let nth = 1; nth <= 12; nth += 1) {
        const { rule } = book.decide(side, frame, 1, nth);
        expect(rules[rule]?.name).toBe(nths.includes(nth) ? `drop=${segment}:${nth}` : undefined);
      }
    }),
  );
});

test("no words break it", () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "delay",
      "loss",
      "drop",
      "hold",
      "SYN",
      "ANSWER",
      "=",
      ":",
      "1",
      "2-",
      "5ms",
      "%",
      "seed",
    ),
  );
  const word = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 3 }), (words) => {
      try {
        const {
          delayMs = [0],
          loss = 0,
          bitsPerSecond = 1,
          seed = 1,
          rules = [],
        } = wireOf(words, () => ({}));
        expect(delayMs.every((ms) => ms >= 0 && ms <= 60_000)).toBe(true);
        expect([loss >= 0 && loss <= 1, Number(bitsPerSecond) > 0, Number.isInteger(seed)]).toEqual([
          true,
          true,
          true,
        ]);
        for (const { name } of rules) expect(words).toContain(name);
      } catch (error) {
        expect((error as Error).name).toBe("UsageError");
      }
    }),
    { numRuns: 2000 },
  );
});
