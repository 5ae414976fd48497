import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { elision, isElision } from "./elision.ts";

const OUTPUT = [
  "head",
  "",
  "client TIME-WAIT 97 → 97",
  "server CLOSE-WAIT 23 → 23",
  "",
  "load ok 97",
  "the end",
];

describe("an elision", () => {
  test.each([
    ["the whole", OUTPUT],
    ["the beginning", ["head", "", "..."]],
    ["the end", ["...", "load ok 97", "the end"]],
    ["the middle", ["...", "server CLOSE-WAIT 23 → 23", "", "load ok 97", "..."]],
    ["two parts", ["...", "client TIME-WAIT 97 → 97", "  ...", "load ok 97", "..."]],
    ["only a line that stands for all others", ["..."]],
  ])("is %s", (_what, shown) => {
    expect(isElision(shown, OUTPUT)).toBe(true);
    expect(elision(shown, OUTPUT)).toEqual({ lines: shown, lost: [] });
  });

  test.each([
    ["a line that is not there", ["...", "load ok 96", "..."]],
    ["another order", ["...", "load ok 97", "...", "head", "..."]],
    ["a line that is left out without `...`", ["...", "client TIME-WAIT 97 → 97", "load ok 97", "..."]],
    ["a beginning that is left out without `...`", ["load ok 97", "the end"]],
    ["an end that is left out without `...`", ["head", ""]],
    ["`...` where nothing is left out", ["head", "...", "", "client TIME-WAIT 97 → 97", "..."]],
  ])("is not %s", (_what, shown) => {
    expect(isElision(shown, OUTPUT)).toBe(false);
  });

  test("takes the last of two equal lines when the end is shown", () => {
    expect(isElision(["...", "a"], ["a", "b", "a"])).toBe(true);
    expect(isElision(["a", "...", "a"], ["a", "b", "a"])).toBe(true);
  });
});

describe("an output that has changed", () => {
  test("has its new figures in the place of the old ones", () => {
    const shown = ["...", "client TIME-WAIT 89 → 3", "...", "load ok 96", "..."];
    expect(elision(shown, OUTPUT).lines).toEqual([
      "...",
      "client TIME-WAIT 97 → 97",
      "...",
      "load ok 97",
      "...",
    ]);
  });

  test("has `...` where a new line is between two others, and no `...` where nothing is left out any more", () => {
    const shown = ["head", "...", "client TIME-WAIT 97 → 97", "", "load ok 97", "..."];
    expect(elision(shown, ["head", "client TIME-WAIT 97 → 97", "new", "", "load ok 97"]).lines).toEqual([
      "head",
      "client TIME-WAIT 97 → 97",
      "...",
      "",
      "load ok 97",
    ]);
  });

  test("names the lines that it does not have any more", () => {
    const shown = ["...", "client FIN-WAIT-2 5 → 5", "client TIME-WAIT 97 → 97", "..."];
    expect(elision(shown, OUTPUT)).toEqual({
      lines: ["...", "client TIME-WAIT 97 → 97", "..."],
      lost: ["client FIN-WAIT-2 5 → 5"],
    });
  });

  test("keeps adjacent lines together", () => {
    const output = ["a 1 ms later", "b RST", "x", "a 1 ms later", "c FIN", "y"];
    expect(elision(["...", "a 9 ms later", "c FIN", "..."], output).lines).toEqual([
      "...",
      "a 1 ms later",
      "c FIN",
      "...",
    ]);
  });

  test("takes the line with the same figures if several have the same words", () => {
    const output = ["0.1 ACK seq=1 ack=98", "0.2 ACK seq=1 ack=1449", "0.3 ACK seq=1 ack=2897"];
    expect(elision(["...", "0.7 ACK seq=1 ack=1449", "..."], output).lines).toEqual([
      "...",
      "0.2 ACK seq=1 ack=1449",
      "...",
    ]);
  });
});

const word = fc.constantFrom("client", "server", "TIME-WAIT", "FIN-WAIT-1", "FIN-WAIT-2", "ok", "→", "│");
const line = fc
  .array(fc.oneof(word, fc.nat(999).map(String)), { maxLength: 5 })
  .map((words) => words.join(" "));
const output = fc.array(line, { minLength: 1, maxLength: 25 });

/** The chosen lines of an output, and `...` for each sequence of other lines. */
function shownOf(lines: string[], isShown: boolean[]): string[] {
  return lines.flatMap((one, nth) => {
    if (isShown[nth] === true) return [one];
    return nth > 0 && isShown[nth - 1] !== true ? [] : ["..."];
  });
}

const choice = fc.array(fc.boolean(), { minLength: 25, maxLength: 25 });

describe("for any output", () => {
  test("a correct elision stays as it is", () => {
    fc.assert(
      fc.property(output, choice, (lines, isShown) => {
        const shown = shownOf(lines, isShown);
        expect(isElision(shown, lines)).toBe(true);
        expect(elision(shown, lines)).toEqual({ lines: shown, lost: [] });
      }),
    );
  });

  test("any shown lines give an elision, and building it again changes nothing", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.constant("..."))), output, (shown, lines) => {
        const built = elision(shown, lines).lines;
        expect(isElision(built, lines)).toBe(true);
        expect(elision(built, lines).lines).toEqual(built);
      }),
    );
  });

  test("the same lines are shown when only figures have changed", () => {
    const distinct = fc.uniqueArray(fc.stringMatching(/^[a-z]{6}$/), { minLength: 1, maxLength: 25 });
    const figures = fc.array(fc.tuple(fc.nat(99_999), fc.nat(99_999)), { minLength: 25, maxLength: 25 });
    fc.assert(
      fc.property(distinct, figures, choice, (names, pairs, isShown) => {
        const [before, after] = ([0, 1] as const).map((at) =>
          names.map((name, nth) => `${name} sockets: ${pairs[nth]?.[at]}`),
        ) as [string[], string[]];
        const built = elision(shownOf(before, isShown), after);
        expect(built).toEqual({ lines: shownOf(after, isShown), lost: [] });
      }),
    );
  });
});
