import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawArrow, type Stage, type Way } from "./arrow.ts";

const STAGES: Stage[] = ["whole", "stopped", "held", "leaving", "released", "arriving"];
const plain = { label: "SYN seq=0", note: null, extras: [] };

describe("an arrow", () => {
  test.each<[Way, Stage, string | null, string]>([
    ["right", "whole", null, "── SYN seq=0 ────────────────────────▶"],
    ["left", "whole", null, "◀──────────────────────── SYN seq=0 ──"],
    ["right", "whole", "again", "── SYN seq=0 (again) ────────────────▶"],
    ["right", "stopped", "dropped by x", "── SYN seq=0 ──────────✗ dropped by x "],
    ["left", "stopped", "dropped by x", " dropped by x ✗────────── SYN seq=0 ──"],
    ["right", "held", "held by x", "── SYN seq=0 ──────────┤ held by x    "],
    ["left", "held", "held by x", "    held by x ├────────── SYN seq=0 ──"],
    ["right", "released", "held 1 s", "    held 1 s ├────────── SYN seq=0 ──▶"],
    ["left", "released", "held 1 s", "◀── SYN seq=0 ──────────┤ held 1 s    "],
    ["right", "leaving", null, "── SYN seq=0 ──────────╌╌             "],
    ["right", "arriving", null, "            ╌╌────────── SYN seq=0 ──▶"],
  ])("to the %s, %s, with note %s", (way, stage, note, line) => {
    expect(drawArrow(way, stage, { ...plain, note }, 38)).toEqual({ line, below: null });
  });

  test("has extras as far as there is room", () => {
    const words = { ...plain, extras: ["tfo=0102030405060708", "mss=1460", "ws=7"] };
    expect(drawArrow("right", "whole", words, 30).line).toBe("── SYN seq=0 mss=1460 ws=7 ──▶");
  });

  test("puts what does not fit below", () => {
    const words = { label: "PSH-ACK seq=1 ack=1 len=1448", note: "dropped by second-segment", extras: [] };
    expect(drawArrow("left", "stopped", words, 30)).toEqual({
      line: "   ✗─ PSH-ACK seq=1 ack=1 ──".padStart(30),
      below: "len=1448, dropped by second-segment",
    });
  });

  test("has the requested width and loses no word, for any text", () => {
    const word = fc.stringMatching(/^[a-z=0-9]{1,12}$/);
    const text = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(" "));
    fc.assert(
      fc.property(
        fc.constantFrom<Way>("left", "right"),
        fc.constantFrom(...STAGES),
        fc.record({ label: text, note: fc.option(text), extras: fc.array(word, { maxLength: 3 }) }),
        fc.integer({ min: 28, max: 80 }),
        (way, stage, words, width) => {
          const { line, below } = drawArrow(way, stage, words, width);
          expect(line).toHaveLength(width);
          const said = `${line} ${below ?? ""}`;
          const wanted = `${words.label} ${words.note ?? ""}`.split(" ");
          expect(wanted.filter((one) => !said.includes(one))).toEqual([]);
        },
      ),
    );
  });
});
