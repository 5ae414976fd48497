import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Comparison } from "../model/comparison.ts";
import { comparisonJson } from "./comparison-json.ts";
import { reportComparison } from "./compare.ts";

const page = readFileSync(new URL("../compare/recorded/comparison.json", import.meta.url), "utf8");
const recorded = JSON.parse(page) as Comparison & { sentences: string[] };
const plain = { colour: false, columns: 100 };
const lines = reportComparison(recorded, recorded.sentences, plain).split("\n");

describe("a comparison as text", () => {
  test("has a table for each round-trip time, with a line for each arm", () => {
    for (const rttMs of [0, 1, 20]) {
      const at = lines.findIndex((line) => line.startsWith(`${rttMs} ms `));
      const rows = lines.slice(at + 1, at + 7);
      expect(rows.map((row) => row.split(" ")[0])).toEqual(["short", "2", "5", "10", "100", "keep-alive"]);
      const short = recorded.arms.find((arm) => arm.id === "short" && arm.rttMs === rttMs)!;
      expect(rows[0]).toContain(Math.round(short.perSecond.median).toLocaleString("en-US"));
      expect(rows[0]).toContain(short.segments!.median.toFixed(2));
      expect(rows[0]).toMatch(/\d client +[\d,]+$/);
    }
  });

  test("fits the width, and ends with the sentences", () => {
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
    expect(lines.every((line) => line === line.trimEnd())).toBe(true);
    const told = lines.join(" ").replaceAll(/\s+/g, " ");
    for (const sentence of recorded.sentences) expect(told).toContain(`- ${sentence}`);
    expect(lines.at(-1)).toMatch(/\.$/);
  });

  test("shows what is not counted, which attempts failed, and what was not observed", () => {
    const [first, ...rest] = recorded.arms;
    const blind = { ...first!, serverCpuUs: null, segments: null, errors: { "connect EADDRNOTAVAIL": 1097 } };
    const timeWait = { client: 97, server: null };
    const told = reportComparison(
      {
        ...recorded,
        arms: [{ ...blind, timeWait }, ...rest],
        faults: ["At 0 ms, 1 of 5 repetitions is missing: a reason."],
      },
      [],
      plain,
    );
    expect(told).toContain("Not valid: At 0 ms, 1 of 5 repetitions is missing: a reason.");
    expect(told).toContain("short at 0 ms: 1,097 connect EADDRNOTAVAIL");
    expect(told).toMatch(/\nshort .* \?\/[\d.]+ +\? +97 client, \?/);
  });

  test("says that nothing was measured", () => {
    const nothing = { ...recorded, arms: [], contrasts: [], held: null };
    expect(reportComparison(nothing, [], plain)).toContain("Nothing was measured.");
  });
});

test("the JSON document has the documented fields, and is valid without a fault", () => {
  const document = comparisonJson({ ...recorded, faults: [] }, ["One."]);
  expect(document).toMatchObject({ valid: true, sentences: ["One."], engine: "raw", url: null });
  expect(document.arms).toHaveLength(18);
  expect(comparisonJson({ ...recorded, faults: ["one"] }, []).valid).toBe(false);
});
