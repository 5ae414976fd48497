import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wrap } from "./wrap.ts";

describe("wrapping", () => {
  test("breaks between words and indents every line", () => {
    expect(wrap("one two three four", 12, "  ")).toEqual(["  one two", "  three four"]);
  });

  test("breaks Chinese anywhere, and counts its characters as two columns", () => {
    expect(wrap("程序读到 EOF 却从不关闭", 12, "  ")).toEqual(["  程序读到", "  EOF", "  却从不关闭"]);
  });

  test("makes no line of an empty text", () => {
    expect(wrap("  ", 10)).toEqual([]);
  });

  test("loses no word, and no line is too long unless it is one word", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "b", " ", "\n") }),
        fc.integer({ min: 1, max: 30 }),
        (text, columns) => {
          const lines = wrap(text, columns, " ");
          expect(lines.join(" ").split(/\s+/).filter(Boolean)).toEqual(text.split(/\s+/).filter(Boolean));
          for (const line of lines) expect(line.length <= columns || !line.trim().includes(" ")).toBe(true);
        },
      ),
    );
  });
});
