import fc from "fast-check";
import { expect, test } from "vitest";
import { pageOf, piecesOf } from "./block.ts";

const page = (...lines: string[]): string => `${lines.join("\n")}\n`;
const shown = (text: string): string[] =>
  piecesOf(text).flatMap((piece) => (piece.kind === "shown" ? [piece.command, ...piece.lines] : []));

test("a command has the lines below it, up to the next command or the end of the block", () => {
  const text = page("words", "```", "above", "$ one", "1", "", "$ two", "2", "```", "$ three", "more");
  expect(shown(text)).toEqual(["one", "1", "", "two", "2"]);
});

test.each(["```live", "```diff", "```ts"])("nothing in a block of %s is a command", (fence) => {
  expect(shown(page(fence, "$ one", "1", "```"))).toEqual([]);
});

test("joining the pieces of a page gives the same page", () => {
  const line = fc.oneof(
    fc.constantFrom("```", "```live", "$ npx lastack run x", "...", "", "words"),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const text = lines.join("\n");
      expect(pageOf(piecesOf(text))).toBe(text);
    }),
  );
});
