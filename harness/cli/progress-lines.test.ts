import { expect, test } from "vitest";
import { progressLines, type Running } from "./progress-lines.ts";

type Text = string | number | null | undefined;
const colours = { dim: (text: Text) => `<d>${text}</d>`, bold: (text: Text) => `<b>${text}</b>` };
const plain = { dim: String, bold: String };

function running(count: number): Running[] {
  return Array.from({ length: count }, (_, nth) => ({
    name: `close-wait-leak/variant-${nth}`,
    sinceMs: 0,
    phase: "load",
    seen: new Map([["server", { LISTEN: 1, "CLOSE-WAIT": 97 }]]),
  }));
}

test.each([
  [24, 80, 12],
  [9, 40, 23],
  [2, 40, 23],
])("the live display takes at most %d lines of %d columns while %d trials run", (rows, columns, count) => {
  const all = { done: 3, total: 40, running: running(count), nowMs: 4000 };
  const lines = progressLines(all, { columns, rows }, plain);
  expect(lines.length).toBeLessThanOrEqual(rows);
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(columns);
  expect(lines[0]).toBe("3 of 40 trials done");
  expect(lines[1]).toMatch(/^ {2}4 s close-wait-leak\/variant-0 load/);
  if (rows === 9) expect(lines.at(-1)).toBe("... and 16 more run");
});

test("a line is cut before it is coloured, so that every colour ends", () => {
  const all = { done: 0, total: 1, running: running(1), nowMs: 4000 };
  const [, line] = progressLines(all, { columns: 17, rows: 9 }, colours);
  expect(line).toBe("<d>  4 s</d><b> close-wait-</b>");
});
