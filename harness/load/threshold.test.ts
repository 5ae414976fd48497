import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { end, loadRun, second } from "./load-run.fixture.ts";
import { loadFigures } from "./result.ts";
import { FIGURES, judgeThreshold, parseThreshold, ThresholdError } from "./threshold.ts";

// Two hundred requests that took 1 ms to 100 ms, each time twice, and two that failed.
const figures = loadFigures(
  loadRun({
    seconds: [second(1, { outcomes: { ok: 100, "connect ECONNREFUSED": 2 } }), second(2)],
    ends: [end({ outcomes: { ok: 200, "connect ECONNREFUSED": 2 } })],
  }),
);

describe("a threshold", () => {
  test.each([
    ["total.p99 > 50ms", "crossed", 99],
    ["total.p99>50ms", "crossed", 99],
    ["total.p99 > 0.05s", "crossed", 99],
    ["total.p99 > .05s", "crossed", 99],
    ["total.p99 < 50000us", "kept", 99],
    ["total.p50 >= 1s", "kept", 50],
    ["errors > 0", "crossed", 2],
    ["errors >= 3", "kept", 2],
    ["errors > 0.9%", "crossed", 2 / 202],
    ["errors > 1%", "kept", 2 / 202],
    ["perSecond < 100", "kept", 100],
    ["perSecond <= 100", "crossed", 100],
    ["requests < 201", "crossed", 200],
    ["timeWait.client > 11", "kept", 11],
    ["socketsUsed > 10", "crossed", 11],
  ])("%s: %s", (text, outcome, value) => {
    const judged = judgeThreshold(parseThreshold(text), figures);
    expect(judged).toMatchObject({ threshold: text, outcome, because: null });
    expect(judged.value).toBeCloseTo(value, 0);
  });

  test("is neither kept nor crossed if its figure could not be measured", () => {
    expect(judgeThreshold(parseThreshold("connect.p90 >= 2ms"), figures)).toEqual({
      threshold: "connect.p90 >= 2ms",
      outcome: "unknown",
      value: null,
      because: "no connection was opened after the warm-up",
    });
    const none = loadFigures(loadRun({ seconds: [], ends: [end({ outcomes: {}, okInTime: 0 })] }));
    expect(judgeThreshold(parseThreshold("errors > 1%"), none)).toMatchObject({
      outcome: "unknown",
      because: "nothing was attempted",
    });
  });

  test.each([
    ["", /takes FIGURE/],
    ["total.p99", /takes FIGURE/],
    ["total.p99 = 5ms", /takes FIGURE/],
    ["total.p99 > ms", /takes FIGURE/],
    ["total.p99 > -5ms", /takes FIGURE/],
    ["total.p99 > 50", /is a time: give it in us, ms or s/],
    ["total.p99 > 50m", /is a time/],
    ["errors > 5ms", /a number or a percentage of the attempts, without the unit "ms"/],
    ["perSecond < 5%", /is a number, without the unit "%"/],
  ])("%j is refused with a sentence", (text, sentence) => {
    expect(() => parseThreshold(text)).toThrow(sentence);
    expect(() => parseThreshold(text)).toThrow(ThresholdError);
  });

  test.each(["totl.p99", "total.p98", "toString", "constructor", "errors.connect"])(
    "of no figure: %s",
    (word) => {
      expect(() => parseThreshold(`${word} > 1`)).toThrow(expect.objectContaining({ word }));
    },
  );

  test("any figure, operator and number are read as they were written", () => {
    const names = Object.keys(FIGURES);
    expect(names.length).toBeGreaterThan(20);
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.constantFrom(">", "<", ">=", "<="),
        fc.nat(1e6),
        fc.constantFrom("", " ", "  "),
        (figure, operator, value, blank) => {
          const unit = FIGURES[figure]?.kind === "time" ? "ms" : "";
          const text = `${figure}${blank}${operator}${blank}${value}${unit}`;
          expect(parseThreshold(text)).toMatchObject({ figure, operator, value, text });
        },
      ),
    );
  });

  test("for any text, the result is a threshold or a ThresholdError", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((rest) => `total.p99 > ${rest}`),
        ),
        (text) => {
          try {
            expect(Number.isFinite(parseThreshold(text).value)).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(ThresholdError);
          }
        },
      ),
    );
  });
});
