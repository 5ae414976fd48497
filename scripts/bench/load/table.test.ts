import { describe, expect, test } from "vitest";
import type { Mode } from "./arms.ts";
import { type Measured, rowsOf, verdictOf } from "./table.ts";

/** An arm with one rate for each round. */
function arm(name: string, mode: Mode, rates: number[], because: string | null = null): Measured {
  const turns = rates.map((perSecond, round) => ({
    told: { requests: 1000, perSecond, failures: 0, p50Ms: name === "wrk" ? 0.5 + round : null, p99Ms: null },
    logged: { answered: 1000 + round, refused: 0 },
    opened: 50,
  }));
  return { arm: { name, mode }, turns, because };
}

const BAR = { mode: "short", other: "wrk", least: 0.97 } as const;

test("a table has a row for each arm, with the ratio of ours to it", () => {
  const rows = rowsOf("short", [
    arm("lastack", "short", [20_000, 21_000, 22_000]),
    arm("lastack", "keep-alive", [99]),
    arm("wrk", "short", [20_000, 20_000, 20_000]),
    arm("ab", "short", [20_000], "it ended with 99: no ports"),
  ]);
  expect(rows.map((row) => row.split(/\s{2,}/))).toEqual([
    [""],
    ["short", "requests/s (min-max)", "lastack / it", "p50 ms", "p99 ms", "not counted"],
    ["lastack", "21,000 (20,000-22,000)", "-", "-", "0 to 2"],
    ["wrk", "20,000 (20,000-20,000)", "1.05 (1.00-1.10)", "1.5", "-", "0 to 2"],
    ["ab", "not measured: it ended with 99: no ports"],
  ]);
});

describe("a bar", () => {
  const verdict = (...measured: Measured[]): ReturnType<typeof verdictOf> =>
    verdictOf(BAR, measured, "wrk is not installed");

  test.each([
    [[97], true, "0.97 (0.97-0.97), met"],
    [[96, 96, 120], false, "0.96 (0.96-1.20), missed"],
  ])("is met by the medians: %j", (rates, met, text) => {
    const theirs = rates.map(() => 100);
    expect(verdict(arm("lastack", "short", rates), arm("wrk", "short", theirs))).toEqual({
      met,
      text: `bar short at least 0.97 x wrk: ${text}`,
    });
  });

  test("is not met when something was not measured", () => {
    const [ours, theirs] = [arm("lastack", "short", [900]), arm("wrk", "short", [100])];
    const refused = { ...theirs, because: "7 failures" };
    expect(verdict(ours)).toEqual({
      met: false,
      text: "bar short at least 0.97 x wrk: not measured: wrk is not installed",
    });
    expect(verdict(ours, refused).text).toMatch(/not measured: wrk: 7 failures$/);
    expect(verdict({ ...ours, because: "3 failures" }, theirs).text).toMatch(/not measured: lastack: 3/);
    expect(verdict(ours, { ...theirs, arm: { name: "wrk", mode: "keep-alive" } }).met).toBe(false);
  });

  test("names nginx when nginx counted instead of the generator", () => {
    const [ours, theirs] = [arm("lastack", "short", [900]), arm("wrk", "short", [100])];
    const counted: Measured = {
      ...theirs,
      arm: { ...theirs.arm, countedBy: "nginx" },
      turns: theirs.turns.map((turn) => ({ ...turn, told: { ...turn.told, sent: 4000 } })),
    };
    expect(verdict(ours, counted).text).toMatch(/met \(nginx counted, not wrk\)$/);
    expect(rowsOf("short", [ours, counted]).at(-1)).toMatch(/^wrk, by nginx +100 .* 75 % of its/);
  });
});
