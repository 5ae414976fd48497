import fc from "fast-check";
import { expect, test } from "vitest";
import { Trends, trendStyle } from "./trends.ts";

/** One figure with these values, a look a second. */
function followed(values: number[], style: "ascii" | "unicode" = "ascii"): Trends {
  const trends = new Trends(style);
  for (const [nth, value] of values.entries()) trends.add(new Map([["x", value]]), nth * 1000);
  return trends;
}

test("a trend lies between the least and the most of the last looks", () => {
  expect(followed([1, 8], "unicode").line("x")).toBe("▁█");
  expect(followed([3, 3, 3]).line("x")).toBe("___");
  expect(followed([0, 0, 5, 7]).lineOfChanges("x")).toBe("_%=");
});

test("a change is since the look before, a rate for each second, and movement goes both ways", () => {
  const trends = followed([5, 9, 2]);
  expect([trends.change("x"), trends.rate("x"), trends.movement("x")]).toEqual([-7, -7, 11]);
  expect([trends.change("y"), trends.rate("y"), trends.movement("y"), trends.line("y")]).toEqual([
    0,
    0,
    0,
    "",
  ]);
});

test("a figure that is new in a later look has risen from 0, and at the first look nothing has changed", () => {
  const trends = followed([5]);
  expect(trends.change("x")).toBe(0);
  trends.add(new Map(Object.entries({ x: 5, y: 3 })), 1000);
  expect([trends.change("y"), trends.line("y")]).toEqual([3, "_%"]);
});

test("a figure that is missing in a look is 0, and one that has been 0 throughout is forgotten", () => {
  const trends = followed([5]);
  trends.add(new Map(), 1000);
  expect(trends.change("x")).toBe(-5);
  for (let nth = 2; nth < 30; nth += 1) trends.add(new Map(), nth * 1000);
  expect(trends.byMovement()).toEqual([]);
});

test("a trend has a bar for each kept look, at most twelve, whatever the values", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 40 }), (values) => {
      const { length } = followed(values.map((value) => value + 1)).line("x");
      expect(length).toBe(Math.min(values.length, 12));
    }),
  );
});

test.each([
  [{ LANG: "C.UTF-8", TERM: "xterm" }, "unicode"],
  [{ LANG: "de_DE.utf8" }, "unicode"],
  [{ LC_ALL: "C", LANG: "C.UTF-8" }, "ascii"],
  [{}, "ascii"],
  [{ LANG: "C.UTF-8", NO_COLOR: "1" }, "ascii"],
  [{ LANG: "C.UTF-8", NO_COLOR: "", TERM: "dumb" }, "ascii"],
] as const)("the bars of a trend under %j are %s", (env, style) => {
  expect(trendStyle(env)).toBe(style);
});
