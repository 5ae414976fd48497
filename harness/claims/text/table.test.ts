import { expect, test } from "vitest";
import { readTable } from "./table.ts";

test("a table has one text on each line, by two names", () => {
  const table = readTable("\nC1 holds it is so\nC1 refuted it is not: x\nC2 holds yes\n");
  expect(table.get("C1")?.get("refuted")).toBe("it is not: x");
  expect([...table.keys()]).toEqual(["C1", "C2"]);
});

test.each(["C1 holds", "C1  holds text", "C1 holds one\nC1 holds two", "C1 holds one\n\nC2 holds two"])(
  "%j is not a table",
  (lines) => {
    expect(() => readTable(lines)).toThrow(
      /there are two texts for C1 holds|this line is not "name key text"/,
    );
  },
);
